package tracker

import "k8s.io/client-go/tools/cache"

// deletedName is the name of a deleted object of the whole cluster: its key has no namespace.
func deletedName[T cache.Object](deleted cache.DeletedObject[T]) string {
	if deleted.FinalStateUnknown != nil {
		return deleted.FinalStateUnknown.Key
	}
	return deleted.OptionalObj.GetName()
}
