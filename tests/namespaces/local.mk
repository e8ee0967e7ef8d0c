# tcpstates with Namespaces: real network namespaces, floods and containers.
EXTRA_DIST += %D%/run %D%/check_floods %D%/check_coming_and_going %D%/check_limits \
	%D%/check_container %D%/check_inside %D%/check_manifest %D%/expect.py %D%/own_namespaces.py %D%/real_container.py %D%/real_daemon.py
check-namespaces: all tests/sockets/syn_sender
	$(srcdir)/tests/namespaces/run $(abs_builddir)
.PHONY: check-namespaces
