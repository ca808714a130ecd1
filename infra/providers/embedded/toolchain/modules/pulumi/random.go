package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"golang.org/x/crypto/bcrypt"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
	"onebranch.dev/toolchain/pulumi/password"
)

// randomVersion is that of @pulumi/random, whose passwords this makes.
const randomVersion = "4.21.2"

// random serves random:index/randomPassword:RandomPassword as the published plugin does, and no other resource.
func random() {
	err := provider.Main("random", func(*provider.HostClient) (rpc.ResourceProviderServer, error) {
		return &randomProvider{}, nil
	})
	if err != nil {
		cmdutil.ExitError(err.Error())
	}
}

type randomProvider struct {
	rpc.UnimplementedResourceProviderServer
}

const passwordType = "random:index/randomPassword:RandomPassword"

func known(urn string) error {
	if kind := resource.URN(urn).Type().String(); kind != passwordType {
		return fmt.Errorf("this build of the random provider makes passwords, and no %s: install the published plugin", kind)
	}
	return nil
}

var marshal = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipNulls: true}

func read(s *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(s, marshal)
}

func (*randomProvider) GetPluginInfo(context.Context, *emptypb.Empty) (*rpc.PluginInfo, error) {
	return &rpc.PluginInfo{Version: randomVersion}, nil
}

func (*randomProvider) GetSchema(context.Context, *rpc.GetSchemaRequest) (*rpc.GetSchemaResponse, error) {
	return &rpc.GetSchemaResponse{Schema: fmt.Sprintf(`{"name":"random","version":%q}`, randomVersion)}, nil
}

func (*randomProvider) CheckConfig(_ context.Context, request *rpc.CheckRequest) (*rpc.CheckResponse, error) {
	return &rpc.CheckResponse{Inputs: request.News}, nil
}

func (*randomProvider) DiffConfig(context.Context, *rpc.DiffRequest) (*rpc.DiffResponse, error) {
	return &rpc.DiffResponse{Changes: rpc.DiffResponse_DIFF_NONE}, nil
}

func (*randomProvider) Configure(context.Context, *rpc.ConfigureRequest) (*rpc.ConfigureResponse, error) {
	return &rpc.ConfigureResponse{AcceptSecrets: true, SupportsPreview: true, AcceptResources: true}, nil
}

func (*randomProvider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (*randomProvider) Check(_ context.Context, request *rpc.CheckRequest) (*rpc.CheckResponse, error) {
	if err := known(request.Urn); err != nil {
		return nil, err
	}
	inputs, err := read(request.News)
	if err != nil {
		return nil, err
	}
	if !inputs.ContainsUnknowns() {
		if err := wish(inputs).Check(); err != nil {
			return &rpc.CheckResponse{Inputs: request.News, Failures: []*rpc.CheckFailure{{Reason: err.Error()}}}, nil
		}
	}
	return &rpc.CheckResponse{Inputs: request.News}, nil
}

// Diff compares what makes a password: any change of it makes another one.
func (*randomProvider) Diff(_ context.Context, request *rpc.DiffRequest) (*rpc.DiffResponse, error) {
	olds, err := read(request.OldInputs)
	if err != nil {
		return nil, err
	}
	news, err := read(request.News)
	if err != nil {
		return nil, err
	}
	var changed []string
	for _, name := range append(names, "keepers") {
		if !olds[name].DeepEquals(news[name]) {
			changed = append(changed, string(name))
		}
	}
	if len(changed) == 0 {
		return &rpc.DiffResponse{Changes: rpc.DiffResponse_DIFF_NONE}, nil
	}
	return &rpc.DiffResponse{Changes: rpc.DiffResponse_DIFF_SOME, Replaces: changed, Diffs: changed}, nil
}

func (*randomProvider) Create(_ context.Context, request *rpc.CreateRequest) (*rpc.CreateResponse, error) {
	if err := known(request.Urn); err != nil {
		return nil, err
	}
	inputs, err := read(request.Properties)
	if err != nil {
		return nil, err
	}
	outputs := inputs.Copy()
	if request.Preview {
		outputs["result"] = resource.MakeSecret(resource.MakeComputed(resource.NewProperty("")))
		outputs["bcryptHash"] = outputs["result"]
	} else {
		wanted := wish(inputs)
		made, err := wanted.Make()
		if err != nil {
			return nil, err
		}
		// bcrypt takes no more, and the published plugin hashes the same part.
		hash, err := bcrypt.GenerateFromPassword([]byte(made)[:min(len(made), 72)], bcrypt.DefaultCost)
		if err != nil {
			return nil, err
		}
		outputs["result"] = resource.MakeSecret(resource.NewProperty(made))
		outputs["bcryptHash"] = resource.MakeSecret(resource.NewProperty(string(hash)))
		for name, allowed := range map[resource.PropertyKey]bool{
			"lower": wanted.Lower, "number": wanted.Number, "numeric": wanted.Number, "special": wanted.Special, "upper": wanted.Upper,
		} {
			outputs[name] = resource.NewProperty(allowed)
		}
	}
	properties, err := plugin.MarshalProperties(outputs, marshal)
	if err != nil {
		return nil, err
	}
	id := "none"
	if request.Preview {
		id = ""
	}
	return &rpc.CreateResponse{Id: id, Properties: properties}, nil
}

func (*randomProvider) Read(_ context.Context, request *rpc.ReadRequest) (*rpc.ReadResponse, error) {
	return &rpc.ReadResponse{Id: request.Id, Properties: request.Properties, Inputs: request.Inputs}, nil
}

func (*randomProvider) Update(_ context.Context, request *rpc.UpdateRequest) (*rpc.UpdateResponse, error) {
	return &rpc.UpdateResponse{Properties: request.Olds}, nil
}

func (*randomProvider) Delete(context.Context, *rpc.DeleteRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

var names = []resource.PropertyKey{
	"lower", "number", "numeric", "special", "upper",
	"length", "minLower", "minNumeric", "minSpecial", "minUpper", "overrideSpecial",
}

func plain(value resource.PropertyValue) resource.PropertyValue {
	for value.IsSecret() || value.IsOutput() {
		if value.IsSecret() {
			value = value.SecretValue().Element
		} else {
			value = value.OutputValue().Element
		}
	}
	return value
}

func wish(inputs resource.PropertyMap) password.Wish {
	flag := func(names ...resource.PropertyKey) bool {
		for _, name := range names {
			if value := plain(inputs[name]); value.IsBool() {
				return value.BoolValue()
			}
		}
		return true
	}
	number := func(name resource.PropertyKey) int {
		if value := plain(inputs[name]); value.IsNumber() {
			return int(value.NumberValue())
		}
		return 0
	}
	specials := password.Specials
	if value := plain(inputs["overrideSpecial"]); value.IsString() && value.StringValue() != "" {
		specials = value.StringValue()
	}
	return password.Wish{
		Lower: flag("lower"), Number: flag("numeric", "number"), Special: flag("special"), Upper: flag("upper"),
		Length: number("length"), MinLower: number("minLower"), MinNumber: number("minNumeric"),
		MinSpecial: number("minSpecial"), MinUpper: number("minUpper"), Specials: specials,
	}
}
