/* The plugin's complaints, in words. */
#include "baseline_complaints.h"

#include "collectd.h"

#include "plugin.h"

void baseline_complaints_note(bool now, bool *said, bool *say) {
  *say = *say || (now && !*said);
  *said = *said || now;
}

void baseline_complaints_log(const struct baseline_complaints *say,
                             const struct rules *rules) {
  if (say->late)
    WARNING("baseline: values came later than their host's next snapshot, or "
            "twice; such values are not judged");
  if (say->full)
    WARNING("baseline: more hosts than MaxHosts %.0f, or no memory for one; "
            "further hosts are not judged",
            rules->max_hosts);
  if (say->queue)
    ERROR("baseline: notification handlers do not keep up, or no memory is "
          "left; a notification was dropped, the metric gauge-severity still "
          "tells");
  if (say->values)
    WARNING("baseline: collectd does not take the plugin's own values fast "
            "enough, or no memory is left; some are dropped");
  if (say->series)
    WARNING("baseline: more series than MaxWatched %.0f, or no memory for one; "
            "further series are not watched",
            rules->max_watched);
  if (say->mixed[0] != '\0')
    WARNING("baseline: more than one machine sends as host %s: counters go "
            "back and forth; the host is not judged until only one does",
            say->mixed);
  if (say->deaf)
    WARNING("baseline: tcpstates runs, and its values have not come for three "
            "intervals: does PostCacheChain write them to other plugins only? "
            "It needs a Target \"write\" with Plugin \"baseline\"");
  if (say->name)
    WARNING("baseline: a host or series has control characters in its name; "
            "such are not judged");
}
