package engine

import "onebranch.dev/renderer/chart"

func (e *Engine) planKustomize(*job, func(...string)) error {
	return notEvaluated("it is a Kustomize source")
}

func executeKustomize(*job) (*chart.Output, error) {
	return nil, notEvaluated("it is a Kustomize source")
}
