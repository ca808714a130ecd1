// Package protocol reads requests and writes responses, each one JSON value on a line.
package protocol

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"onebranch.dev/renderer/admission"
	"onebranch.dev/renderer/planner"
	"onebranch.dev/renderer/podsecurity"
	"onebranch.dev/renderer/tree"
)

// Request is one line of input. Op decides which fields are read.
type Request struct {
	ID int    `json:"id"`
	Op string `json:"op"`
	// blobs: contents by object id; as text if they are UTF-8, otherwise as base64.
	Blobs [][3]string `json:"blobs,omitempty"`
	// tree: a name, what its Applications name (repository, revision, commit), and its files as [path, mode, object id].
	Tree     string      `json:"tree,omitempty"`
	RepoURL  string      `json:"repoURL,omitempty"`
	Revision string      `json:"revision,omitempty"`
	Commit   string      `json:"commit,omitempty"`
	Entries  [][3]string `json:"entries,omitempty"`
	// admission, judge
	Admission *admission.Rules `json:"admission,omitempty"`
	// judge
	Scope admission.Scope `json:"scope,omitempty"`
	// expand, render
	Clusters []planner.Cluster `json:"clusters,omitempty"`
	Filter   planner.Filter    `json:"filter"`
	// diff
	Base *planner.Side `json:"base,omitempty"`
	Head *planner.Side `json:"head,omitempty"`
	// Uncompared is what may differ between changes that are merged.
	Uncompared planner.Uncompared `json:"uncompared"`
	// pods
	Pods podsecurity.Level `json:"pods"`
	// documents, judge, pods
	IDs []string `json:"ids,omitempty"`
	// values
	Values planner.ValuesQuery `json:"values"`
	// file-values
	Files []string `json:"files,omitempty"`
	// unknown-values
	Charts []planner.ChartUse `json:"charts,omitempty"`
}

// Response is one line of output: a result, an error, or the contents that have to be sent first.
type Response struct {
	ID     int    `json:"id"`
	Result any    `json:"result,omitempty"`
	Error  string `json:"error,omitempty"`
	// Need lists object ids; the client sends them with `blobs` and repeats the request.
	Need []string `json:"need,omitempty"`
}

// maxLine bounds one request; the contents of a large tree are sent in several.
const maxLine = 256 << 20

// Serve answers until the input ends.
func Serve(in io.Reader, out io.Writer, e *planner.Planner) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriterSize(out, 1<<20)
	for {
		line, err := readLine(reader)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		encoder := json.NewEncoder(writer)
		encoder.SetEscapeHTML(false)
		response := answer(line, e)
		// This comes before the answer, because a client that has its answer may end this process at once.
		e.FlushCache()
		if err := encoder.Encode(response); err != nil {
			return err
		}
		if err := writer.Flush(); err != nil {
			return err
		}
	}
}

func readLine(reader *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := reader.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, fmt.Errorf("a request is longer than %d MiB", maxLine>>20)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) && len(line) > 0 {
			return line, nil
		}
		return line, err
	}
}

func answer(line []byte, e *planner.Planner) (response Response) {
	var request Request
	defer func() {
		if r := recover(); r != nil {
			response = Response{ID: request.ID, Error: fmt.Sprintf("the renderer failed: %v", r)}
		}
	}()
	if err := json.Unmarshal(line, &request); err != nil {
		return Response{Error: "the request is not understood: " + err.Error()}
	}
	response.ID = request.ID
	result, err := perform(&request, e)
	var missing *tree.MissingBlob
	switch {
	case errors.As(err, &missing):
		response.Need = append([]string{missing.OID}, missing.More...)
	case err != nil:
		response.Error = err.Error()
	default:
		response.Result = result
	}
	return response
}

// Hello is the answer to `hello`.
type Hello struct {
	Version string `json:"version"`
	Helm    string `json:"helm"`
}

func perform(r *Request, e *planner.Planner) (any, error) {
	switch r.Op {
	case "hello":
		return Hello{planner.Version, planner.HelmVersion}, nil
	case "blobs":
		return putBlobs(r, e)
	case "tree":
		return putTree(r, e), nil
	case "admission":
		if r.Admission == nil {
			return nil, errors.New("admission needs the policy's variables and rules")
		}
		e.Admit(r.Admission)
		return struct{}{}, nil
	case "expand":
		return e.Expand(r.Tree, r.Clusters)
	case "render":
		return e.Render(r.Tree, r.Clusters, r.Filter)
	case "diff":
		if r.Base == nil || r.Head == nil {
			return nil, errors.New("diff needs base and head")
		}
		return e.Diff(*r.Base, *r.Head, r.Filter, r.Uncompared)
	case "documents":
		return e.Documents(r.IDs)
	case "judge":
		if r.Admission == nil {
			return nil, errors.New("judge needs the policy's variables and rules")
		}
		return e.Judge(r.Admission, r.Scope, r.IDs)
	case "pods":
		return e.Pods(r.Pods, r.IDs)
	case "values":
		return e.Values(r.Tree, r.Clusters, r.Values)
	case "file-values":
		return e.FileValues(r.Tree, r.Files)
	case "unknown-values":
		return e.UnknownValues(r.Tree, r.Charts)
	default:
		return nil, fmt.Errorf("unknown op %q; known are hello, blobs, tree, admission, expand, render, diff, documents, judge, pods, values, file-values and unknown-values", r.Op)
	}
}

// Stored is the answer to `blobs`.
type Stored struct {
	Blobs int `json:"blobs"`
}

func putBlobs(r *Request, e *planner.Planner) (Stored, error) {
	for _, blob := range r.Blobs {
		data := []byte(blob[2])
		if blob[1] == "base64" {
			var err error
			if data, err = base64.StdEncoding.DecodeString(blob[2]); err != nil {
				return Stored{}, fmt.Errorf("blob %s: %w", blob[0], err)
			}
		}
		e.PutBlob(blob[0], data)
	}
	return Stored{len(r.Blobs)}, nil
}

// Known is the answer to `tree`.
type Known struct {
	Files int `json:"files"`
}

func putTree(r *Request, e *planner.Planner) Known {
	entries := make([]tree.Entry, len(r.Entries))
	for i, item := range r.Entries {
		entries[i] = tree.Entry{Path: item[0], Mode: item[1], OID: item[2]}
	}
	e.PutTree(r.Tree, r.RepoURL, r.Revision, r.Commit, entries)
	return Known{len(entries)}
}
