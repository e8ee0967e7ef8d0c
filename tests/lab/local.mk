# Real floods in network namespaces.
lab_programs = %D%/delay_line %D%/clients %D%/server
EXTRA_PROGRAMS += $(lab_programs)
EXTRA_DIST += %D%/run %D%/capture %D%/check_runner %D%/load_failure %D%/.shellcheckrc \
	%D%/daemon.sh %D%/events.sh %D%/handler %D%/judge %D%/narrate.sh %D%/network.sh \
	%D%/stage.sh %D%/witness %D%/hold %D%/backend %D%/scenarios
tests_lab_delay_line_LDADD =
tests_lab_clients_LDADD = -lm
tests_lab_server_LDADD =
# The two run beside each other where make may.
check-lab: check-lab-runner check-lab-scenarios
check-lab-runner: all $(lab_programs) tests/sockets/syn_sender
	$(srcdir)/tests/lab/check_runner $(abs_builddir)
check-lab-scenarios: all $(lab_programs) tests/sockets/syn_sender
	$(srcdir)/tests/lab/run --build $(abs_builddir) --markdown
.PHONY: check-lab check-lab-runner check-lab-scenarios
