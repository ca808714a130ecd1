package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

// The two files are made by the build out of the provider module's own (see generate.ts), so they are not in Git.

//go:embed schema-embed.json
var schema []byte

//go:embed terraform-mapping-embed.json
var mapping []byte

// kubernetes serves as the published plugin does.
func kubernetes() {
	provider.Serve("kubernetes", version.Version, schema, mapping)
}
