test_scripts += %D%/check_silence
