test_scripts += %D%/check_bench_read
