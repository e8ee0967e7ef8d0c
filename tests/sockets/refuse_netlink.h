/* A process in which netlink is not to be had, as in a tight container. */
#ifndef TESTS_SOCKETS_REFUSE_NETLINK_H
#define TESTS_SOCKETS_REFUSE_NETLINK_H

/* From now on and for good socket(AF_NETLINK, ...) of this process fails with
 * EPROTONOSUPPORT. Ends the program where seccomp is not there. */
void refuse_netlink(void);

#endif
