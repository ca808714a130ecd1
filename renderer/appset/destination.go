package appset

import (
	"errors"
	"fmt"
	"slices"
)

// checkDestination returns why Argo CD refuses the destination of an Application.
func (in *Inputs) checkDestination(d Destination) error {
	switch {
	case d.Name != "" && d.Server != "":
		return fmt.Errorf("application destination can't have both name and server defined: %s %s", d.Name, d.Server)
	case d.Name == "" && d.Server == "":
		return errors.New("Destination server missing from app spec")
	case d.Server != "":
		if d.Server == InCluster || slices.ContainsFunc(in.Clusters, func(c Cluster) bool { return c.Server == d.Server }) {
			return nil
		}
		return fmt.Errorf("error getting cluster by server %q: no such cluster", d.Server)
	default:
		return in.checkDestinationName(d.Name)
	}
}

// checkDestinationName requires exactly one cluster with this name. The cluster that Argo CD runs in is called in-cluster, whatever
// its Secret says, unless a Secret takes that name.
func (in *Inputs) checkDestinationName(name string) error {
	var servers []string
	for _, c := range in.Clusters {
		if c.Name == name {
			servers = append(servers, c.Server)
		}
	}
	switch {
	case name == localCluster && len(servers) == 0, len(servers) == 1:
		return nil
	case len(servers) == 0:
		return fmt.Errorf("there are no clusters with this name: %s", name)
	default:
		return fmt.Errorf("there are %d clusters with the same name: %v", len(servers), servers)
	}
}
