if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["securebucket.io/paused"] = "true"
return obj
