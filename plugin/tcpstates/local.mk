libtcpstates_la_CPPFLAGS = $(plugin_cppflags)
libtcpstates_la_LIBADD = libsyntax.la libio.la libtable.la
libtcpstates_la_SOURCES = \
	plugin/collectd_api.h %D%/tcpstates_conditions.c %D%/tcpstates_conditions.h \
	%D%/tcpstates_config.c %D%/tcpstates_config.h \
	%D%/tcpstates_namespaces.c %D%/tcpstates_namespaces.h

tcpstates_la_SOURCES = %D%/tcpstates_plugin.c
tcpstates_la_CPPFLAGS = $(plugin_cppflags)
tcpstates_la_LDFLAGS = $(plugin_ldflags)
tcpstates_la_LIBADD = libtcpstates.la -lpthread
