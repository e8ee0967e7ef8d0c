test_programs += %D%/check
tests_tcpstates_check_SOURCES = \
	%D%/check_manual_tcpstates.c %D%/check_tcpstates_conditions.c \
	%D%/check_tcpstates_config.c %D%/check_tcpstates_namespaces.c
tests_tcpstates_check_CPPFLAGS = $(glue_cppflags)
tests_tcpstates_check_LDADD = libtcpstates.la tests/scenes/libcollectd_log.la $(command_tests_libs)
