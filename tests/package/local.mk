# Fresh systems: the packages from the tarball, and the README's commands, as root;
# SUITES=trixie or FRESH="--suite trixie --all" by hand.
SUITES =
FRESH =
test_scripts += %D%/check_version tests/fresh/check_needs \
	tests/quickstart/check_quickstart tests/completion/check_completion \
	tests/completion/check_other_shells
EXTRA_DIST += %D%/run %D%/inside %D%/expect.sh tests/fresh/run tests/fresh/inside tests/fresh/system.sh
check-package: dist
	$(srcdir)/tests/package/run $(abs_builddir) $(VERSION) $(SUITES)
check-fresh: all
	$(srcdir)/tests/fresh/run $(abs_builddir) $(FRESH)
.PHONY: check-package check-fresh
