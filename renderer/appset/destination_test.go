package appset

import "testing"

func TestCheckDestination(t *testing.T) {
	registered := []Cluster{{Name: "dev", Server: InCluster}, {Name: "eu", Server: "https://eu"}, {Name: "twin", Server: "https://a"}, {Name: "twin", Server: "https://b"}}
	for _, c := range []struct {
		title    string
		clusters []Cluster
		to       Destination
		want     string
	}{
		{"its own address", registered, Destination{Server: InCluster}, ""},
		{"its own address, without a Secret", nil, Destination{Server: InCluster}, ""},
		{"a registered address", registered, Destination{Server: "https://eu"}, ""},
		{"an unknown address", registered, Destination{Server: "https://us"}, `error getting cluster by server "https://us": no such cluster`},
		{"a registered name", registered, Destination{Name: "eu"}, ""},
		{"a name of nobody", registered, Destination{Name: "us"}, "there are no clusters with this name: us"},
		{"in-cluster while no Secret calls the cluster otherwise", registered[1:], Destination{Name: "in-cluster"}, ""},
		{"in-cluster, which its Secret calls dev", registered, Destination{Name: "in-cluster"}, ""},
		{"in-cluster, which two Secrets are called", []Cluster{{Name: "in-cluster", Server: "https://a"}, {Name: "in-cluster", Server: "https://b"}},
			Destination{Name: "in-cluster"}, "there are 2 clusters with the same name: [https://a https://b]"},
		{"a name of two", registered, Destination{Name: "twin"}, "there are 2 clusters with the same name: [https://a https://b]"},
		{"both", registered, Destination{Name: "eu", Server: "https://eu"}, "application destination can't have both name and server defined: eu https://eu"},
		{"neither", registered, Destination{}, "Destination server missing from app spec"},
	} {
		t.Run(c.title, func(t *testing.T) {
			got := ""
			if err := (&Inputs{Clusters: c.clusters}).checkDestination(c.to); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
}
