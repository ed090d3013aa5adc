-- Settles one reservation, and reserves for another try of the same request, with nobody in between.
local id, try, n = take(), take(), tonumber(take())
local settled = {}
for i = 1, n do
  local c = counter(3 * i - 2)
  local before, after = settle(c, id, try, take())
  settled[#settled + 1] = before
  settled[#settled + 1] = after
end
return { settled, reserve(3 * n + 1, tonumber(take())) }
