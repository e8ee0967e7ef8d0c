# Real floods in network namespaces.
lab_programs = %D%/delay_line %D%/clients %D%/server
EXTRA_PROGRAMS += $(lab_programs)
test_scripts += %D%/check_judge.py
EXTRA_DIST += %D%/run %D%/both_ways %D%/capture %D%/check_runner %D%/load_failure %D%/.shellcheckrc \
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
# The floods as BPF counts them and as walks do. flood-between shows by BPF alone;
# flood-proc reads /proc, which neither does.
check-lab-both-ways: all $(lab_programs) tests/sockets/syn_sender
	for way in bpf walk; do $(srcdir)/tests/lab/run --build $(abs_builddir) --stack ours \
	  --half-open-by $$way --keep $(abs_builddir)/lab-$$way \
	  `ls $(srcdir)/tests/lab/scenarios | grep ^flood- | grep -vx -e flood-between -e flood-proc` || exit; done
	$(srcdir)/tests/lab/both_ways $(abs_builddir)/lab-bpf $(abs_builddir)/lab-walk
.PHONY: check-lab check-lab-runner check-lab-scenarios check-lab-both-ways
