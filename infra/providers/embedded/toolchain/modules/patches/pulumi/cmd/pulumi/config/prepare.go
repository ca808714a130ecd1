package config

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/pkg/v3/backend"
)

func errBackendNoEnvironments(b backend.Backend) error {
	return fmt.Errorf("backend %v does not support environments", b.Name())
}

// prepareEnvironment stands where Pulumi ESC would be: it needs Pulumi Cloud, and this build keeps state in files.
func prepareEnvironment() (environ, secrets []string, err error) {
	return nil, nil, errors.New("this build of Pulumi has no environments: install the complete one from pulumi.com")
}
