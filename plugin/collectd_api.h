/* collectd's headers, wherever this version of it keeps them: 5.9 moved
 * common.h and meta_data.h, and was the first with STRERROR. */
#ifndef COLLECTD_API_H
#define COLLECTD_API_H

#include "collectd.h"

#include "configfile.h"
#include "plugin.h"

#if __has_include("utils/common/common.h")
#include "utils/common/common.h"
#include "utils/metadata/meta_data.h"
#else
#include "common.h"
#include "meta_data.h"
#endif

#ifndef STRERROR
#define STRERROR(error) sstrerror((error), (char[256]){0}, 256)
#endif

#endif
