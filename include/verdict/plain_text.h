/* Names come from the network: whether a text holds characters that a terminal,
 * a log or a line of a file would obey. Those are the controls of ASCII (C0,
 * DEL) and of ISO 6429 (C1), these as bytes of their own or as UTF-8. Source:
 * RFC 3629, ISO 6429. */
#ifndef VERDICT_PLAIN_TEXT_H
#define VERDICT_PLAIN_TEXT_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

/* Bytes of the well-formed UTF-8 sequence at text, of which length are left; 0
 * when there is none. */
size_t plain_text_sequence(const char *text, size_t length);

/* Whether it holds none. */
bool plain_text_is(const char *text, size_t length);

/* Numbers as text are the same in every locale. Between the two calls this
 * thread prints and reads them as in C, whatever setlocale is called meanwhile,
 * here or in another thread. The second takes what the first has returned. */
locale_t plain_text_begin(void);
void plain_text_end(locale_t before);

/* strtod as in C. */
double plain_text_number(const char *text, char **end);

/* In place of each byte of them a question mark. Returns text. */
char *plain_text_make(char *text);

#endif
