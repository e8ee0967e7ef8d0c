/* What a notice says, fact by fact. Private to the room. */
#ifndef NOTICE_TEXT_H
#define NOTICE_TEXT_H

#include "verdict/notice.h"

/* The whole line of one incident's change; text: NOTICE_TEXT_MAX bytes, empty.
 */
void notice_text_incident(const struct judgement *judgement,
                          enum incident_kind incident, char *text);

/* The same for a watched series. */
void notice_text_series(const struct series_judgement *judgement, char *text);

/* The queue that an incident is about; NULL where it is about none. */
const struct snapshot_queue *
notice_text_queue(const struct judgement *judgement,
                  enum incident_kind incident);

void notice_text_silence(const struct judgement *judgement, char *text);

#endif
