-- Gives a counter that is not known the sum that usage records tell. 3 = the partition isn't begun
local c = counter(1)
local used = take()
if not redis.call('ZSCORE', c.R, '0') then return 3 end
if redis.call('HEXISTS', c.H, 'c') == 0 then
  if c.mode == 'r' then c.part = math.floor(now / c.to) end
  begin(c, used)
end
return 1
