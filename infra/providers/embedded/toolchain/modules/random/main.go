// Command pulumi-resource-random serves Pulumi's random provider, bridged from the Terraform one. What it embeds is
// made by ./tfgen during the build, so it is not in Git.
package main

import (
	"context"
	_ "embed"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/terraform-providers/terraform-provider-random/shim/info"
)

//go:embed schema.json
var schema []byte

//go:embed bridge-metadata.json
var metadata []byte

func main() {
	tfbridge.Main(context.Background(), info.Name, info.Provider(metadata), tfbridge.ProviderMetadata{PackageSchema: schema})
}
