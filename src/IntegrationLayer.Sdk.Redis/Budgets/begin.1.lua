-- Begins a partition, unless it is begun. KEYS: its register.
redis.call('ZADD', KEYS[1], 'NX', string.format('%.0f', -now), '0')
return 1
