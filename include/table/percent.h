/* The one way in which a share becomes a percentage. */
#ifndef TABLE_PERCENT_H
#define TABLE_PERCENT_H

/* Share of part in whole as a percentage held in 0..100; NAN where whole is 0
 * or either is NAN. */
double percent_of(double part, double whole);

#endif
