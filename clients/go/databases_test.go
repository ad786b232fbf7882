package clients_test

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	// The driver for the PostgreSQL server on which each run creates its own database.
	_ "github.com/lib/pq"
)

// postgresVariable names the URL of a PostgreSQL test server.
const postgresVariable = "COUNTERSIGN_TEST_POSTGRES_URL"

// databaseKinds returns the databases to test with: SQLite, and PostgreSQL if a test server is configured.
func databaseKinds() []string {
	if os.Getenv(postgresVariable) == "" {
		return []string{"sqlite"}
	}
	return []string{"sqlite", "postgres"}
}

// createDatabase creates an empty database and returns its URL.
func createDatabase(t *testing.T, kind, folder string) string {
	t.Helper()
	if kind == "sqlite" {
		return "sqlite:" + filepath.Join(folder, "countersign.db")
	}
	address, err := url.Parse(os.Getenv(postgresVariable))
	must(t, err)
	name := "clients_" + strings.ToLower(rand.Text())
	created := *address
	created.Path = "/" + name
	query := address.Query()
	if !query.Has("sslmode") {
		// The driver would ask for TLS, which a server for tests on the loopback interface does not have.
		query.Set("sslmode", "disable")
	}
	address.RawQuery = query.Encode()
	connection, err := sql.Open("postgres", address.String())
	must(t, err)
	defer func() { must(t, connection.Close()) }()
	_, err = connection.ExecContext(t.Context(), "CREATE DATABASE "+name)
	must(t, err)
	return created.String()
}
