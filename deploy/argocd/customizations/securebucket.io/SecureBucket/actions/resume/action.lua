if obj.metadata.annotations ~= nil then
  obj.metadata.annotations["securebucket.io/paused"] = nil
end
return obj
