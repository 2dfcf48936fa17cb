if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["securebucket.io/approve"] = obj.status.plan.hash
return obj
