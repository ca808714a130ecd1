// Command tfgen writes schema.json and bridge-metadata.json, which the plugin embeds.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	"github.com/terraform-providers/terraform-provider-random/shim/info"
)

func main() {
	tfgen.Main(info.Name, info.Provider([]byte("{}")))
}
