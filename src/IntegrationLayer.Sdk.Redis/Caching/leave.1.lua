-- Ends a lease, layout 1: the key of it, its token, the channel on which others wait. Returned: 1, or 0 if it was somebody else's by now.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.pcall('PUBLISH', ARGV[2], '')
return 1
