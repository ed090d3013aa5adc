-- Goes on with a lease, layout 1: the key of it, its token, how many milliseconds. Returned: 1, or 0 if it is somebody else's by now.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
