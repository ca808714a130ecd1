module onebranch.dev/process

go 1.26.0
