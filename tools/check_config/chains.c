/* Follows the values that baseline judges through the filter chains, as the
 * daemon does. What depends on more than a value's name (match_value,
 * match_timediff, ...) may or may not match: then both ways are followed. Pure.
 * Source: filter_chain.c, match_regex.c and plugin_dispatch_values_internal of
 * collectd 5.12. */
#include "site.h"

#include "conf/conf_look.h"
#include "verdict/signals.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A chain may jump to itself: the daemon does not end then, the check does. */
enum { JUMPS_MAX = 16, RUNS_MAX = 100 };

/* Whether baseline has been given the value by now; a set holds what may be. */
enum { NOT_WRITTEN = 1, WRITTEN = 2 };

/* The ways that lead out of a rule or chain, each with what may be there. */
struct ways {
  unsigned go_on, stop, back;
};

/* One value on its way. */
struct walk {
  const struct site *site;
  const char *type, *type_instance;
  const char *host; /* NULL: not known */
  bool renamed;     /* by a target: then its name is not known any more */
  int jumps, runs;
  const struct conf_node *lost; /* where it was dropped, or not passed on */
};

enum answer { NO, YES, MAYBE };

static enum answer match_pattern(struct findings *findings, const char *pattern,
                                 const char *text) {
  regex_t compiled;

  if (!pattern)
    return MAYBE;
  int rc = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);
  if (rc != 0) {
    findings_starved(findings, rc == REG_ESPACE ? ENOMEM : 0);
    return MAYBE;
  }
  bool matches = regexec(&compiled, text, 0, NULL, 0) == 0;
  regfree(&compiled);
  return matches ? YES : NO;
}

static enum answer match_option(const struct walk *walk,
                                const struct conf_node *option) {
  const struct {
    const char *key, *text;
  } fields[] = {{"Plugin", "tcpstates"}, {"PluginInstance", "all"},
                {"Type", walk->type},    {"TypeInstance", walk->type_instance},
                {"Host", walk->host},    {"Hostname", walk->host}};

  for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
    if (conf_node_is(option, fields[i].key))
      return fields[i].text && !walk->renamed
                 ? match_pattern(walk->site->findings, conf_node_string(option),
                                 fields[i].text)
                 : MAYBE;
  return conf_node_is(option, "Invert") ? YES : MAYBE;
}

static enum answer match_regex(const struct walk *walk,
                               const struct conf_node *match) {
  enum answer all = YES;

  for (size_t i = 0; i < match->children_len && all != NO; i++) {
    enum answer one = match_option(walk, &match->children[i]);
    if (one != YES)
      all = one;
  }
  if (all != MAYBE && conf_look_true(conf_node_last(match, "Invert")))
    return all == YES ? NO : YES;
  return all;
}

/* All matches of a rule must match; a rule without any does. */
static enum answer match_rule(const struct walk *walk,
                              const struct conf_node *rule) {
  enum answer all = YES;

  for (size_t i = 0; i < rule->children_len && all != NO; i++) {
    const struct conf_node *node = &rule->children[i];
    if (!conf_node_is(node, "Match"))
      continue;
    enum answer one =
        conf_look_is(node, "Match", "regex") ? match_regex(walk, node) : MAYBE;
    if (one != YES)
      all = one;
  }
  return all;
}

/* Target "write" without Plugin writes to all. */
static bool writes_to_baseline(const struct conf_node *target) {
  bool named = false;

  for (size_t i = 0; i < target->children_len; i++) {
    const struct conf_node *option = &target->children[i];
    if (!conf_node_is(option, "Plugin"))
      continue;
    for (size_t j = 0; j < option->values_len; j++) {
      named = true;
      if (option->values[j].text &&
          strcasecmp(option->values[j].text, "baseline") == 0)
        return true;
    }
  }
  return !named;
}

static bool renames(const struct conf_node *target) {
  static const char *const keys[] = {"Plugin", "PluginInstance", "Type",
                                     "TypeInstance"};

  if (!conf_look_is(target, "Target", "replace") &&
      !conf_look_is(target, "Target", "set"))
    return false;
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
    if (conf_node_last(target, keys[i]))
      return true;
  return false;
}

static void lose(struct walk *walk, const struct conf_node *where) {
  if (!walk->lost)
    walk->lost = where;
}

static struct ways run_chain(struct walk *walk, const char *name, unsigned set);

/* ways->go_on: what comes in and what goes on. */
static void run_target(struct walk *walk, const struct conf_node *target,
                       struct ways *ways) {
  const char *chain = NULL;

  if (conf_look_is(target, "Target", "stop")) {
    if ((ways->go_on & NOT_WRITTEN) != 0)
      lose(walk, target);
    ways->stop |= ways->go_on;
    ways->go_on = 0;
  } else if (conf_look_is(target, "Target", "return")) {
    ways->back |= ways->go_on;
    ways->go_on = 0;
  } else if (conf_look_is(target, "Target", "write")) {
    if (ways->go_on != 0 && writes_to_baseline(target))
      ways->go_on = WRITTEN;
  } else if (conf_look_is(target, "Target", "jump")) {
    const struct conf_node *option = conf_node_last(target, "Chain");
    chain = option ? conf_node_string(option) : NULL;
  }
  if (renames(target))
    walk->renamed = true;
  if (!chain || ways->go_on == 0)
    return;
  struct ways inner = run_chain(walk, chain, ways->go_on);
  ways->stop |= inner.stop;
  ways->go_on = inner.go_on | inner.back;
}

static void run_targets(struct walk *walk, const struct conf_node *node,
                        struct ways *ways) {
  for (size_t i = 0; i < node->children_len && ways->go_on != 0; i++)
    if (conf_node_is(&node->children[i], "Target"))
      run_target(walk, &node->children[i], ways);
}

static void run_rule(struct walk *walk, const struct conf_node *rule,
                     struct ways *ways) {
  enum answer matches = match_rule(walk, rule);
  unsigned passed_by = matches == MAYBE ? ways->go_on : 0;

  if (matches == NO)
    return;
  run_targets(walk, rule, ways);
  ways->go_on |= passed_by;
}

/* The next <Chain NAME> block: those of one name are one chain. */
static const struct conf_node *next_part(const struct walk *walk,
                                         const char *name,
                                         const struct conf_node *after) {
  return conf_look_next(walk->site->tree, "Chain", name, after);
}

/* All rules first, then the targets that stand in no rule. */
static struct ways run_chain(struct walk *walk, const char *name,
                             unsigned set) {
  struct ways ways = {.go_on = set}, last = {.go_on = 0};
  const struct conf_node *part = NULL;

  if (walk->jumps == JUMPS_MAX || walk->runs++ >= RUNS_MAX)
    return ways;
  walk->jumps++;
  while ((part = next_part(walk, name, part)) != NULL)
    for (size_t i = 0; i < part->children_len && ways.go_on != 0; i++)
      if (conf_node_is(&part->children[i], "Rule"))
        run_rule(walk, &part->children[i], &ways);
  last.go_on = ways.go_on;
  while ((part = next_part(walk, name, part)) != NULL)
    run_targets(walk, part, &last);
  walk->jumps--;
  ways.go_on = last.go_on | last.back;
  ways.stop |= last.stop;
  return ways;
}

/* What may be at the end of a value's way: NOT_WRITTEN, WRITTEN or both. */
static unsigned run_value(struct walk *walk) {
  const struct conf_tree *tree = walk->site->tree;
  const char *before = conf_look_global(tree, "PreCacheChain", "PreCache");
  const char *after = conf_look_global(tree, "PostCacheChain", "PostCache");
  struct ways first = run_chain(walk, before, NOT_WRITTEN);
  const struct conf_node *part = next_part(walk, after, NULL);
  unsigned cached = first.go_on | first.back;

  if (!part) /* the daemon writes to all */
    return first.stop | (cached != 0 ? WRITTEN : 0);
  if (cached == 0)
    return first.stop;
  struct ways second = run_chain(walk, after, cached);
  unsigned end = second.go_on | second.back | second.stop;
  if ((end & NOT_WRITTEN) != 0)
    lose(walk, part);
  return first.stop | end;
}

/* How many of the signals never come, or perhaps not; the first of them. */
struct losses {
  int never, perhaps;
  char first[2][128];
  const struct conf_node *where[2];
};

static void count_loss(struct losses *losses, const struct walk *walk,
                       bool never) {
  int *count = never ? &losses->never : &losses->perhaps;

  if ((*count)++ > 0)
    return;
  losses->where[never] = walk->lost;
  snprintf(losses->first[never], sizeof(losses->first[never]),
           "tcpstates-all/%s-%s", walk->type, walk->type_instance);
}

static void follow_values(const struct site *site, struct losses *losses) {
  for (int signal = 0; signal < SIGNAL_COUNT; signal++) {
    struct walk walk = {.site = site,
                        .type = signals_type((enum signal)signal),
                        .type_instance =
                            signals_type_instance((enum signal)signal),
                        .host = conf_look_global(site->tree, "Hostname", NULL)};
    unsigned end = run_value(&walk);
    if ((end & NOT_WRITTEN) != 0)
      count_loss(losses, &walk, (end & WRITTEN) == 0);
  }
}

static void report(struct site *site, const struct losses *losses) {
  if (losses->never > 0)
    findings_error(site->findings, losses->where[true],
                   "the filter chain keeps %d of the %d values that baseline "
                   "judges from it, such as %s; it needs Target \"write\" to "
                   "all plugins or with Plugin \"baseline\"",
                   losses->never, (int)SIGNAL_COUNT, losses->first[true]);
  if (losses->perhaps > 0)
    findings_warning(site->findings, losses->where[false],
                     "the filter chain may keep %d of the %d values that "
                     "baseline judges from it, such as %s: it depends on more "
                     "than their names",
                     losses->perhaps, (int)SIGNAL_COUNT, losses->first[false]);
}

static bool is_built_in(const char *name) {
  static const char *const names[] = {"jump", "stop", "return", "write"};

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (strcasecmp(names[i], name) == 0)
      return true;
  return false;
}

/* collectd refuses a chain whose plugin is not loaded by then. chain: what
 * stands outside of all blocks. */
static void check_plugin(struct site *site, const struct conf_node *chain,
                         const struct conf_node *node, const char *prefix) {
  const char *name = conf_node_string(node);
  char plugin[128];

  if (!name || (strcmp(prefix, "target") == 0 && is_built_in(name)) ||
      conf_look_true(conf_node_last(&site->tree->root, "AutoLoadPlugin")))
    return;
  snprintf(plugin, sizeof(plugin), "%s_%.100s", prefix, name);
  const struct conf_node *load = conf_look_load(site->tree, plugin);
  if (!load || load > chain)
    findings_error(site->findings, node,
                   "collectd refuses this chain: it needs LoadPlugin %s, "
                   "before the chain",
                   plugin);
}

static void check_patterns(struct site *site, const struct conf_node *match) {
  for (size_t i = 0; i < match->children_len; i++) {
    const struct conf_node *option = &match->children[i];
    const char *pattern = conf_node_string(option);
    char why[128];
    regex_t compiled;
    if (!pattern || conf_node_is(option, "Invert"))
      continue;
    int rc = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);
    if (rc == 0)
      regfree(&compiled);
    if (rc == 0 ||
        findings_starved(site->findings, rc == REG_ESPACE ? ENOMEM : 0))
      continue;
    regerror(rc, &compiled, why, sizeof(why));
    findings_error(site->findings, option,
                   "collectd refuses this chain: \"%.100s\": %s", pattern, why);
  }
}

/* A chain, and its rules. */
static void check_parts(struct site *site, const struct conf_node *chain,
                        const struct conf_node *parent) {
  for (size_t i = 0; i < parent->children_len; i++) {
    const struct conf_node *node = &parent->children[i];
    if (conf_node_is(node, "Rule"))
      check_parts(site, chain, node);
    else if (conf_node_is(node, "Match"))
      check_plugin(site, chain, node, "match");
    else if (conf_node_is(node, "Target"))
      check_plugin(site, chain, node, "target");
    if (conf_look_is(node, "Match", "regex"))
      check_patterns(site, node);
  }
}

void chains_check(struct site *site) {
  struct losses losses = {.never = 0};

  for (size_t i = 0; i < site->tree->root.children_len; i++) {
    const struct conf_node *chain = &site->tree->root.children[i];
    if (conf_node_is(chain, "Chain"))
      check_parts(site, chain, chain);
  }
  if (!site->has_baseline)
    return;
  follow_values(site, &losses);
  report(site, &losses);
}
