/* Until plot is converted: types_db_unit. */
#ifndef TOOLS_LIB_PLOT_UNIT_H
#define TOOLS_LIB_PLOT_UNIT_H

#include "types_db.h"

#define PLOT_UNIT_TEXT_MAX TYPES_DB_UNIT_MAX
#define plot_unit types_db_unit

#endif
