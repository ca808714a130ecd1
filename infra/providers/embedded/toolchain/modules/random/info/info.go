// Package info maps the Terraform provider to Pulumi's names; the generator and the plugin must agree on it.
package info

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// Name is the package's name in Pulumi's tokens.
const Name = "random"

// version is that of @pulumi/random, whose tokens and properties this serves. The linker may set another one.
var version = "4.21.2"

// Provider describes the package. Metadata is what tfgen wrote, or an empty object while it runs.
func Provider(metadata []byte) bridge.ProviderInfo {
	described := bridge.ProviderInfo{
		Name:           Name,
		P:              tfbridge.ShimProvider(provider.New()),
		Version:        version,
		Description:    "A Pulumi package to safely use randomness in Pulumi programs.",
		License:        "Apache-2.0",
		Repository:     "https://github.com/pulumi/pulumi-random",
		ResourcePrefix: Name,
		MetadataInfo:   bridge.NewProviderMetadata(metadata),
		Resources: map[string]*bridge.ResourceInfo{
			// The only resource without an id of its own.
			"random_bytes": {ComputeID: bytesID},
		},
	}
	// The module is `index` and has no prefix in Terraform: random:index/randomPassword:RandomPassword, as npm names it.
	described.MustComputeTokens(tokens.SingleModule("", "index", tokens.MakeStandard(Name)))
	return described
}

func bytesID(_ context.Context, state resource.PropertyMap) (resource.ID, error) {
	value := state["base64"]
	if value.IsSecret() {
		value = value.SecretValue().Element
	}
	if !value.IsString() {
		return "", errors.New("random_bytes returned no base64 value, so it has no id")
	}
	return resource.ID(value.StringValue()), nil
}
