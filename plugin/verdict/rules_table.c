/* The keys of the configuration, but those that one incident alone has: they
 * stand in its row of the catalogue. Pure data. */
#include "rules_table.h"

#define IN_RULES(field) offsetof(struct rules, field)
#define IN_COMMON(field) offsetof(struct incident_rules, field)
#define IN_WATCH(field) offsetof(struct series_rules, field)

#define TOP(key, field, whole, preset, min, max)                               \
  {                                                                            \
    SCOPE_TOP, 0, key, RULES_NUMBER, whole, IN_RULES(field), preset, min, max, \
        0, NULL, NULL                                                          \
  }
#define COMMON(key, field, type, whole, preset, min, max)                      \
  {                                                                            \
    SCOPE_COMMON, 0, key, type, whole, IN_COMMON(field), preset, min, max, 0,  \
        NULL, NULL                                                             \
  }
#define WATCH(key, field, preset, min, max)                                    \
  {                                                                            \
    SCOPE_WATCH, 0, key, RULES_NUMBER, false, IN_WATCH(field), preset, min,    \
        max, 0, NULL, NULL                                                     \
  }
#define PATTERN(key, field)                                                    \
  {                                                                            \
    SCOPE_WATCH, 0, key, RULES_STRING, false, IN_WATCH(field), 0, 0, 0,        \
        RULES_PATTERN_MAX, "*", NULL                                           \
  }
#define CHOICE(key, field, preset, choices)                                    \
  {                                                                            \
    SCOPE_WATCH, 0, key, RULES_STRING, false, IN_WATCH(field), preset, 0, 0,   \
        0, NULL, choices                                                       \
  }

const struct rules_row rules_table[] = {
    {SCOPE_TOP, 0, "StateFile", RULES_STRING, false, IN_RULES(state_file), 0, 0,
     0, RULES_PATH_MAX, "baseline.state", NULL},
    TOP("SaveInterval", save_interval_s, false, 300, 1, 86400),
    TOP("WarmUp", warm_up_s, false, 600, 0, 604800),
    TOP("MaxAge", max_age_s, false, 604800, 3600, 31536000),
    TOP("SilentAfter", silent_after_s, false, 900, 60, 604800),
    {SCOPE_TOP, 0, "NotifySilentHosts", RULES_BOOLEAN, false,
     IN_RULES(notify_silent), 0, 0, 1, 0, NULL, NULL},
    TOP("MaxHosts", max_hosts, true, 20000, 1, 1000000),
    TOP("MaxWatched", max_watched, true, 200000, 1, 10000000),

    COMMON("Enable", enable, RULES_BOOLEAN, false, 1, 0, 1),
    COMMON("RaiseAfter", raise_after, RULES_NUMBER, true, 2, 1, 7),
    COMMON("ClearAfter", clear_after, RULES_NUMBER, true, 4, 1, 64),
    COMMON("AdoptAfter", adopt_after_s, RULES_NUMBER, false, 14400, 600,
           2592000),
    COMMON("Remind", remind_s, RULES_NUMBER, false, 0, 0, 2592000),

    PATTERN("Host", host),
    PATTERN("Plugin", plugin),
    PATTERN("PluginInstance", plugin_instance),
    PATTERN("Type", type),
    PATTERN("TypeInstance", type_instance),
    CHOICE("Direction", direction, SERIES_BOTH, "both|above|below"),
    CHOICE("Severity", severity, SERIES_WARNING, "warning|failure"),
    WATCH("MinChange", min_change, 0, 0, 1e300),
    WATCH("MinRatio", min_ratio, 1, 1, 1e6),
    WATCH("Sigmas", sigmas, 6, 1, 1000),
};

const size_t rules_table_len = sizeof(rules_table) / sizeof(rules_table[0]);
