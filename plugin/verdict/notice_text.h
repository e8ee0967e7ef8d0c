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

void notice_text_silence(const struct judgement *judgement, char *text);

#endif
