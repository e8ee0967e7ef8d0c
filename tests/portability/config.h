/* Stands in for the config.h of collectd's sources that are not configured:
 * what its plugin headers ask for, on Linux with the GNU C library. */
#define FP_LAYOUT_NEED_NOTHING 1
#define HAVE_ENDIAN_H 1
#define HAVE_FCNTL_H 1
#define HAVE_STRINGS_H 1
#define HAVE_SYS_SOCKET_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_SYS_WAIT_H 1
#define HAVE_UNISTD_H 1
#define NAN_STATIC_DEFAULT 1
#define TIME_WITH_SYS_TIME 1
