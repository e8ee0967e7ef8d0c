/* In how many bins of time something arrived, of late. One burst of any size is
 * one bin; a flood, or pulses, come in many. That tells a scan or a load
 * balancer's start from what goes on, at any interval. */
#ifndef VERDICT_ARRIVALS_H
#define VERDICT_ARRIVALS_H

/* Plain data; all 0: nothing has arrived. */
struct arrivals {
  double bin, bin_s;   /* events in the bin that fills, and its age */
  double sum, squares; /* of full bins and of their squares, fading */
};

/* Take in what arrived in the last dt_s seconds (not below 0). Returns the
 * number of bins that it came in over the last minutes: (sum n)^2 / sum n^2, at
 * least 1 when anything arrived, else 0. */
double arrivals_add(struct arrivals *arrivals, double events, double dt_s);

#endif
