return reserve(1, tonumber(take()))
