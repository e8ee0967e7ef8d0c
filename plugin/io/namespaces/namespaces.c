/* See io/namespaces.h. Each namespace that was found is known by its inode, and
 * read if it is wanted and there is room. While it is read, its descriptors
 * keep it: its number is no other's. May use system calls and the room table.
 */
#define _DEFAULT_SOURCE
#include "io/namespaces.h"

#include "entrance.h"
#include "finder.h"
#include "io/space_probe.h"
#include "naming.h"
#include "table/probe_trust.h"
#include "table/turns.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  ENTER_PAUSE = 60, /* rounds before what could not be entered is tried again */
  NAMING_LOOKS = 3, /* until a name that a runtime made up is taken */
  SUFFIX_MAX = 12,
  ROUNDS_MAX = 60, /* each is walked at least once in so many */
};

static const char names_folder[] = "/run/netns";

/* Processes are not looked at more often. */
static const double look_every_s = 5;

/* One that was found. */
struct space {
  ino_t inode;
  char path[FINDER_PATH_MAX];
  pid_t pid;
  struct naming naming;
  char title[NAMESPACE_NAME_MAX]; /* the name as it is dispatched */
  char host[NAMESPACE_HOST_MAX];
  unsigned looks; /* at its name, so far; while it may change */
  bool settled;   /* the name may be used */
  bool wanted;
  int error;           /* why it could not be entered; 0 it was, or not tried */
  const char *failed;  /* with it; static */
  unsigned pause;      /* rounds until it may be entered */
  unsigned since_walk; /* rounds */
  struct table_source *source; /* owned; NULL: not read */
  struct metrics *metrics;     /* owned */
  bool marked;                 /* the probe shows its sockets */
  struct probe_trust trust;
};

struct namespaces {
  struct namespaces_options options;
  char host[NAMESPACE_HOST_MAX];
  char *root, *folder;   /* owned */
  unsigned char *answer; /* owned; sources are read one after another */
  struct finder finder;
  /* Owned, in the order of their turns: the one that waits longest first. */
  struct space **spaces;
  size_t len, capacity, reading;
  size_t next; /* of this round */
  unsigned look_every, since_look;
  unsigned walk_least; /* rounds from one walk to the next */
  bool must_look;      /* at processes: a name is not known yet */
  bool hidden;         /* in the last look at them */
  struct turns turns;
  struct space_probe *probe;          /* owned; NULL: walks count */
  size_t probe_room;                  /* for so many listening sockets */
  bool must_grow;                     /* there are more */
  const struct space_record *records; /* of the last pass; NULL: none */
  size_t records_len;
  int bpf_error;
  const char *bpf_failed;
  struct namespaces_outcome outcome;
};

static void space_leave(struct space *space) {
  table_source_destroy(space->source);
  metrics_destroy(space->metrics);
  space->source = NULL;
  space->metrics = NULL;
}

static void space_destroy(struct space *space) {
  space_leave(space);
  free(space);
}

static unsigned rounds_of(double time_s, double interval_s) {
  double rounds = interval_s > 0 ? time_s / interval_s + 0.5 : 1;
  if (!(rounds > 1))
    return 1;
  return rounds < (double)ROUNDS_MAX ? (unsigned)rounds : ROUNDS_MAX;
}

static void load_probe(struct namespaces *namespaces, size_t room) {
  namespaces->probe_room = room;
  namespaces->bpf_error =
      space_probe_create(room, &namespaces->probe, &namespaces->bpf_failed);
}

int namespaces_create(const struct namespaces_options *options,
                      struct namespaces **out) {
  struct namespaces *namespaces = calloc(1, sizeof(*namespaces));
  if (namespaces == NULL)
    return -ENOMEM;
  const char *root = options->root != NULL ? options->root : "";
  double interval_s = options->source.interval_s;
  namespaces->options = *options;
  namespaces->root = strdup(root);
  namespaces->folder = malloc(strlen(root) + sizeof(names_folder));
  namespaces->answer = malloc(TABLE_ANSWER_MAX);
  namespaces->options.source.answer = namespaces->answer;
  if (namespaces->root == NULL || namespaces->folder == NULL ||
      namespaces->answer == NULL) {
    namespaces_destroy(namespaces);
    return -ENOMEM;
  }
  sprintf(namespaces->folder, "%s%s", root, names_folder);
  snprintf(namespaces->host, sizeof(namespaces->host), "%s", options->host);
  namespaces->look_every = rounds_of(look_every_s, interval_s);
  namespaces->walk_least = rounds_of(options->source.walk_every_s, interval_s);
  namespaces->since_look = namespaces->look_every;
  namespaces->bpf_failed = "";
  if (options->source.half_open_by_bpf)
    load_probe(namespaces, SPACE_PROBE_FIRST);
  namespaces->options.source.half_open_by_bpf = false;
  namespaces->turns.budget_s = interval_s * options->source.read_budget / 100;
  *out = namespaces;
  return 0;
}

void namespaces_destroy(struct namespaces *namespaces) {
  if (namespaces == NULL)
    return;
  for (size_t i = 0; i < namespaces->len; i++)
    space_destroy(namespaces->spaces[i]);
  free(namespaces->spaces);
  space_probe_destroy(namespaces->probe);
  finder_free(&namespaces->finder);
  free(namespaces->root);
  free(namespaces->folder);
  free(namespaces->answer);
  free(namespaces);
}

/* Finding. */

static bool is_known_by_process(const struct space *space) {
  return strncmp(space->path, "/proc/", 6) == 0;
}

/* Whether the process that a namespace is known by is gone, or in another one:
 * then others may still be in it. */
static bool lost_a_process(const struct namespaces *namespaces) {
  for (size_t i = 0; i < namespaces->len; i++) {
    const struct space *space = namespaces->spaces[i];
    if (space->source != NULL && is_known_by_process(space) &&
        !finder_is_at(&namespaces->finder, space->path, space->inode))
      return true;
  }
  return false;
}

static bool must_look_at_processes(struct namespaces *namespaces) {
  namespaces->since_look++;
  if (namespaces->must_look)
    return true;
  return namespaces->options.all &&
         (namespaces->since_look >= namespaces->look_every ||
          lost_a_process(namespaces));
}

static bool is_of_use(const struct namespaces *namespaces,
                      const struct finder_space *found) {
  return found != NULL && (namespaces->options.all || found->title != NULL);
}

/* Without a look at processes, what is known by one is as it was. */
static bool is_still_there(const struct namespaces *namespaces,
                           const struct space *space, bool looked) {
  if (is_of_use(namespaces, finder_by_inode(&namespaces->finder, space->inode)))
    return true;
  return !looked && is_known_by_process(space);
}

static void drop_ended(struct namespaces *namespaces, bool looked) {
  size_t kept = 0;
  for (size_t i = 0; i < namespaces->len; i++) {
    struct space *space = namespaces->spaces[i];
    if (is_still_there(namespaces, space, looked))
      namespaces->spaces[kept++] = space;
    else
      space_destroy(space);
  }
  namespaces->len = kept;
}

static int compare_inodes(const void *left, const void *right) {
  const struct space *a = *(struct space *const *)left,
                     *b = *(struct space *const *)right;
  return a->inode < b->inode ? -1 : a->inode > b->inode;
}

/* Of the first known ones, which are in the order of their inodes. */
static struct space *by_inode(const struct namespaces *namespaces, size_t known,
                              ino_t inode) {
  size_t low = 0, high = known;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    struct space *space = namespaces->spaces[middle];
    if (space->inode == inode)
      return space;
    if (space->inode < inode)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* Names. */

static bool is_taken(const struct namespaces *namespaces,
                     const struct space *but, const char *title) {
  for (size_t i = 0; i < namespaces->len; i++) {
    const struct space *space = namespaces->spaces[i];
    if (space != but && space->wanted && strcmp(space->title, title) == 0)
      return true;
  }
  return false;
}

static void set_title(const struct namespaces *namespaces,
                      struct space *space) {
  char suffix[SUFFIX_MAX];
  const struct naming *naming = &space->naming;
  memcpy(space->title, naming->name, sizeof(space->title));
  if (naming->suffix[0] != '\0' && is_taken(namespaces, space, space->title))
    namespace_name_distinguish(space->title, naming->suffix);
  for (unsigned i = 2; is_taken(namespaces, space, space->title); i++) {
    snprintf(suffix, sizeof(suffix), "%u", i);
    memcpy(space->title, naming->name, sizeof(space->title));
    namespace_name_distinguish(space->title, suffix);
  }
  namespace_name_of_host(space->title, namespaces->host, space->host);
}

/* A name may be found out only after a while: the process that a runtime starts
 * becomes the container's, or comes later than the namespace. What is only a
 * guess is used when it was made twice. */
static void look_at_name(struct namespaces *namespaces, struct space *space,
                         const struct finder_space *found) {
  struct naming naming;
  if (space->looks >= NAMING_LOOKS)
    return;
  space->looks++;
  naming_of(found, namespaces->root, &naming);
  bool again = space->looks > 1 && found->pid != 0 &&
               strcmp(naming.name, space->naming.name) == 0;
  if (found->title != NULL && !naming_is_made_up(found->title))
    space->looks = NAMING_LOOKS;
  if (space->wanted && again)
    return;
  space_leave(space);
  space->naming = naming;
  space->settled = naming.is_sure || again || space->looks == NAMING_LOOKS;
  space->wanted =
      space->settled &&
      namespace_name_is_wanted(&namespaces->options.match, naming.name);
  if (space->wanted)
    set_title(namespaces, space);
}

static struct space *add_space(struct namespaces *namespaces, ino_t inode) {
  if (namespaces->len == namespaces->capacity) {
    size_t wanted = namespaces->capacity == 0 ? 64 : 2 * namespaces->capacity;
    struct space **spaces =
        realloc(namespaces->spaces, wanted * sizeof(struct space *));
    if (spaces == NULL)
      return NULL;
    namespaces->spaces = spaces;
    namespaces->capacity = wanted;
  }
  struct space *space = calloc(1, sizeof(*space));
  if (space == NULL)
    return NULL;
  space->inode = inode;
  namespaces->spaces[namespaces->len++] = space;
  return space;
}

/* A number that is at another place, and that nothing held, may be another
 * namespace. */
static void take_found(struct namespaces *namespaces, size_t known,
                       const struct finder_space *found) {
  struct space *space = by_inode(namespaces, known, found->inode);
  if (space == NULL)
    space = add_space(namespaces, found->inode);
  if (space == NULL)
    return;
  if (strcmp(space->path, found->path) != 0) {
    memcpy(space->path, found->path, sizeof(space->path));
    if (space->source == NULL) {
      space->looks = 0;
      space->wanted = space->settled = false;
      space->pause = 0;
    }
  }
  space->pid = found->pid;
  look_at_name(namespaces, space, found);
}

static void find(struct namespaces *namespaces) {
  bool looks = must_look_at_processes(namespaces);
  int rc = finder_look(&namespaces->finder, namespaces->folder, looks);
  namespaces->outcome.find_error = rc;
  if (rc != 0)
    return;
  drop_ended(namespaces, looks);
  if (looks) {
    namespaces->since_look = 0;
    namespaces->hidden = namespaces->options.all && namespaces->finder.hidden;
  }
  size_t known = namespaces->len;
  if (known > 0)
    qsort(namespaces->spaces, known, sizeof(struct space *), compare_inodes);
  for (size_t i = 0; i < namespaces->finder.len; i++)
    if (is_of_use(namespaces, &namespaces->finder.spaces[i]))
      take_found(namespaces, known, &namespaces->finder.spaces[i]);
  namespaces->must_look = false;
  for (size_t i = 0; i < namespaces->len; i++)
    namespaces->must_look |= !namespaces->spaces[i]->settled;
}

/* Entering. */

static void settle(struct namespaces *namespaces, struct space *space,
                   struct entrance *entrance) {
  struct table_source_options options = namespaces->options.source;
  int rc = entrance->rc;
  if (rc == 0) {
    options.inside = &entrance->descriptors;
    rc = table_source_create(&options, &space->source);
    entrance->failed = "memory";
  }
  if (rc == 0 && space->metrics == NULL) {
    space->metrics = metrics_create(&namespaces->options.metrics);
    rc = space->metrics == NULL ? -ENOMEM : 0;
  }
  if (rc != 0)
    space_leave(space);
  space->error = rc;
  space->failed = entrance->failed;
  space->pause = rc == 0 || rc == -ESTALE || rc == -ENOENT ? 0 : ENTER_PAUSE;
  space->since_walk = namespaces->walk_least - 1; /* the first is due now */
  space->marked = rc == 0 && entrance->marked;
  space->trust = (struct probe_trust){0};
}

static size_t count_read(const struct namespaces *namespaces) {
  size_t read = 0;
  for (size_t i = 0; i < namespaces->len; i++)
    read += namespaces->spaces[i]->source != NULL;
  return read;
}

/* Those that may be entered now, as many as there is room for. */
static size_t choose(struct namespaces *namespaces, struct space **chosen,
                     struct entrance *entrances) {
  size_t len = 0, room = namespaces->options.max - namespaces->reading;
  for (size_t i = 0; i < namespaces->len && len < room; i++) {
    struct space *space = namespaces->spaces[i];
    if (!space->wanted || space->source != NULL)
      continue;
    if (space->pause > 0 && --space->pause > 0)
      continue;
    entrances[len] =
        (struct entrance){.path = space->path, .inode = space->inode};
    chosen[len++] = space;
  }
  return len;
}

static void enter(struct namespaces *namespaces) {
  namespaces->reading = count_read(namespaces);
  size_t len = namespaces->len - namespaces->reading;
  if (len == 0 || namespaces->reading >= namespaces->options.max)
    return;
  struct entrance *entrances = calloc(len, sizeof(*entrances));
  struct space **chosen = calloc(len, sizeof(struct space *));
  if (entrances != NULL && chosen != NULL) {
    len = choose(namespaces, chosen, entrances);
    int rc = entrance_open(entrances, len, namespaces->probe);
    for (size_t i = 0; i < len; i++) {
      if (rc != 0)
        entrances[i] = (struct entrance){.rc = rc, .failed = "thread"};
      settle(namespaces, chosen[i], &entrances[i]);
    }
    namespaces->reading = count_read(namespaces);
  }
  free(entrances);
  free(chosen);
}

/* Reading. */

/* First those that are read, of these the one that waits longest. */
static int compare_waits(const void *left, const void *right) {
  const struct space *a = *(struct space *const *)left,
                     *b = *(struct space *const *)right;
  if ((a->source != NULL) != (b->source != NULL))
    return a->source != NULL ? -1 : 1;
  if (a->since_walk != b->since_walk)
    return a->since_walk > b->since_walk ? -1 : 1;
  return compare_inodes(left, right);
}

static void note_error(struct namespaces_outcome *outcome,
                       const struct space *space) {
  switch (space->error) {
  case 0:
  case -ESTALE:
  case -ENOENT:
    return;
  case -EMFILE:
    outcome->short_of_descriptors = true;
    return;
  }
  if (outcome->enter_error == 0) {
    outcome->enter_error = space->error;
    outcome->enter_failed = space->failed;
    outcome->denied = space->error == -EPERM &&
                      strcmp(space->failed, "enter") == 0 &&
                      !finder_has_capability(CAP_SYS_ADMIN);
  }
}

static void sum_up(struct namespaces *namespaces) {
  struct namespaces_outcome *outcome = &namespaces->outcome;
  outcome->bpf_error = namespaces->bpf_error;
  outcome->bpf_failed = namespaces->bpf_failed;
  outcome->hidden = namespaces->hidden;
  outcome->found = namespaces->len;
  for (size_t i = 0; i < namespaces->len; i++) {
    const struct space *space = namespaces->spaces[i];
    outcome->wanted += space->wanted;
    outcome->bpf_doubted |= space->trust.lost;
    if (space->wanted && space->source == NULL)
      note_error(outcome, space);
  }
  outcome->over_max = outcome->wanted > namespaces->options.max;
}

/* By BPF. */

static void drop_probe(struct namespaces *namespaces) {
  space_probe_destroy(namespaces->probe);
  namespaces->probe = NULL;
}

/* What all the listening sockets count now. A probe that fails is given up; one
 * that is too small is replaced in the next round. */
static void look_at_all(struct namespaces *namespaces) {
  namespaces->records = NULL;
  if (namespaces->probe == NULL || namespaces->must_grow)
    return;
  namespaces->bpf_error =
      space_probe_read(namespaces->probe, &namespaces->records,
                       &namespaces->records_len, &namespaces->bpf_failed);
  if (namespaces->bpf_error == 0)
    return;
  namespaces->records = NULL;
  namespaces->must_grow = namespaces->bpf_error == -E2BIG &&
                          namespaces->probe_room < SPACE_PROBE_MAX;
  if (namespaces->must_grow)
    namespaces->bpf_error = 0;
  else
    drop_probe(namespaces);
}

/* Its maps cannot grow: a larger probe takes its place. Each namespace is
 * entered again, which shows it the sockets; metrics keep what they learned. */
static void grow_probe(struct namespaces *namespaces) {
  namespaces->must_grow = false;
  drop_probe(namespaces);
  load_probe(namespaces, SPACE_PROBE_MAX);
  for (size_t i = 0; i < namespaces->len && namespaces->probe != NULL; i++) {
    table_source_destroy(namespaces->spaces[i]->source);
    namespaces->spaces[i]->source = NULL;
  }
}

/* NULL: its walks count. */
static const struct space_record *
records_of(const struct namespaces *namespaces, const struct space *space,
           size_t *len) {
  *len = 0;
  if (namespaces->records == NULL || !space->marked || space->trust.lost)
    return NULL;
  return space_record_of(namespaces->records, namespaces->records_len,
                         (uint32_t)space->inode, len);
}

static bool half_open_of(struct namespaces *namespaces,
                         const struct space *space, uint64_t *sum) {
  size_t len;
  look_at_all(namespaces);
  const struct space_record *records = records_of(namespaces, space, &len);
  if (records != NULL)
    *sum = space_record_half_open(records, len);
  return records != NULL;
}

void namespaces_begin(struct namespaces *namespaces, double reserved_s) {
  namespaces->outcome = (struct namespaces_outcome){.enter_failed = ""};
  namespaces->next = 0;
  turns_begin(&namespaces->turns, reserved_s);
  if (namespaces->must_grow)
    grow_probe(namespaces);
  find(namespaces);
  enter(namespaces);
  sum_up(namespaces);
  for (size_t i = 0; i < namespaces->len; i++)
    namespaces->spaces[i]->since_walk++;
  if (namespaces->len > 0)
    qsort(namespaces->spaces, namespaces->len, sizeof(struct space *),
          compare_waits);
  look_at_all(namespaces);
}

/* A walk is the moment to see whether the sockets count what it finds. */
static int read_by_walk(struct namespaces *namespaces, struct space *space,
                        const struct reading **reading,
                        const struct kernel_counters **counters,
                        struct table_source_outcome *outcome) {
  uint64_t before, after;
  bool verify = half_open_of(namespaces, space, &before);
  table_source_take_turn(space->source, true, NULL, 0);
  int rc = table_source_read(space->source, reading, counters, outcome);
  if (rc == 0 && verify && half_open_of(namespaces, space, &after))
    probe_trust_verify(&space->trust, before, after,
                       (*reading)->total[TCP_STATE_SYN_RECV]);
  if (rc == 0)
    space->since_walk = 0;
  return rc;
}

static int read_without(struct namespaces *namespaces, struct space *space,
                        const struct reading **reading,
                        const struct kernel_counters **counters,
                        struct table_source_outcome *outcome) {
  size_t len;
  const struct space_record *records = records_of(namespaces, space, &len);
  bool counts = records != NULL && probe_trust_holds(&space->trust);
  table_source_take_turn(space->source, false, counts ? records : NULL, len);
  return table_source_read(space->source, reading, counters, outcome);
}

static int read_space(struct namespaces *namespaces, struct space *space,
                      struct table_source_outcome *outcome,
                      const struct metrics_list **list) {
  const struct reading *reading;
  const struct kernel_counters *counters;
  bool walks = space->since_walk >= namespaces->walk_least &&
               turns_take(&namespaces->turns, namespaces->reading);
  int rc = walks
               ? read_by_walk(namespaces, space, &reading, &counters, outcome)
               : read_without(namespaces, space, &reading, &counters, outcome);
  turns_took(&namespaces->turns, outcome->cost_s, walks);
  if (rc != 0)
    return rc;
  metrics_note_held(space->metrics, &outcome->held);
  return metrics_compute(space->metrics, reading, counters, outcome->cost_s,
                         list);
}

static void note_failure(struct namespaces *namespaces, struct space *space,
                         int rc, const struct table_source_outcome *outcome) {
  struct namespaces_outcome *whole = &namespaces->outcome;
  if (whole->read_error == 0) {
    whole->read_error = rc;
    snprintf(whole->read_failed, sizeof(whole->read_failed), "%s: %s",
             space->title, outcome->detail);
  }
  if (table_source_is_cut_off(space->source))
    space_leave(space);
}

bool namespaces_next(struct namespaces *namespaces, const char **host,
                     const struct metrics_list **list,
                     struct namespaces_outcome *outcome) {
  while (namespaces->next < namespaces->len) {
    struct space *space = namespaces->spaces[namespaces->next++];
    struct table_source_outcome said = {0};
    if (space->source == NULL)
      continue;
    int rc = read_space(namespaces, space, &said, list);
    if (rc != 0) {
      note_failure(namespaces, space, rc, &said);
      continue;
    }
    namespaces->outcome.read++;
    *host = space->host;
    return true;
  }
  *outcome = namespaces->outcome;
  return false;
}
