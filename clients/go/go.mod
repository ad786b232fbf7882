module countersign.test/clients

go 1.26.0

require (
	github.com/lib/pq v1.12.3
	github.com/signalfx/signalfx-go v1.66.0
)

require (
	golang.org/x/oauth2 v0.36.0 // indirect
	gopkg.in/validator.v2 v2.0.1 // indirect
)
