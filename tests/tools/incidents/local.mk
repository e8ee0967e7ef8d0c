test_scripts += %D%/check_incidents
