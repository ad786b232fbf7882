package clients_test

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/sessiontoken"
)

// timeout is the maximum time for the program to start, to run a command, and to stop.
const timeout = 30 * time.Second

const addressPrefix = "Countersign listens on "

// server is a process of the built program with an empty database, and its first administrator.
type server struct {
	address       string
	administrator person
	// token is a token of the administrator.
	token       string
	folder      string
	environment []string
	process     *exec.Cmd
}

// person is a user who can sign in.
type person struct {
	id, name, email, password string
}

// startServer starts the program. When the test ends, it is stopped and its log is checked.
func startServer(t *testing.T, databaseKind string) *server {
	t.Helper()
	folder := t.TempDir()
	s := &server{folder: folder, environment: []string{
		"PATH=" + os.Getenv("PATH"),
		"COUNTERSIGN_DATABASE_URL=" + createDatabase(t, databaseKind, folder),
		"COUNTERSIGN_MASTER_KEY_FILE=" + filepath.Join(folder, "master.key"),
		"COUNTERSIGN_LOG=info",
		"RUST_BACKTRACE=1",
	}}
	administrator := s.createUser(t, "Ada Lovelace", "admin")
	s.serve(t)
	t.Cleanup(func() { s.stop(t) })
	s.administrator, s.token = s.signIn(t, administrator)
	return s
}

// member creates a member with this role: admin, power, usage or read_only.
func (s *server) member(t *testing.T, name, role string) person {
	t.Helper()
	member, _ := s.signIn(t, s.createUser(t, name, role))
	return member
}

// client returns a client with this token. Its requests go through the transport.
func (s *server) client(t *testing.T, token string, transport http.RoundTripper) *signalfx.Client {
	t.Helper()
	client, err := signalfx.NewClient(token,
		signalfx.APIUrl(s.address),
		signalfx.HTTPClient(&http.Client{Timeout: timeout, Transport: transport}),
	)
	must(t, err)
	return client
}

// createUser creates a member with the command line. The result has no id yet.
func (s *server) createUser(t *testing.T, name, role string) person {
	t.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")+"."+rand.Text()) + "@example.com"
	created := person{name: name, email: email, password: rand.Text()}
	command := s.command(t, "user", "create", "--email", email, "--name", name, "--role", role, "--password-stdin")
	command.Stdin = strings.NewReader(created.password + "\n")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("user create: %v\n%s", err, output)
	}
	return created
}

// signIn returns the person with their id, and a token.
func (s *server) signIn(t *testing.T, person person) (person, string) {
	t.Helper()
	client := s.client(t, "", http.DefaultTransport)
	request := &sessiontoken.CreateTokenRequest{Email: person.email, Password: person.password}
	token, err := client.CreateSessionToken(t.Context(), request)
	must(t, err)
	person.id = token.UserID
	return person, token.AccessToken
}

func (s *server) serve(t *testing.T) {
	t.Helper()
	s.process = s.command(t, "serve", "--listen", "127.0.0.1:0")
	log, err := os.Create(s.logFile())
	must(t, err)
	defer func() { must(t, log.Close()) }()
	s.process.Stderr = log
	output, err := s.process.StdoutPipe()
	must(t, err)
	must(t, s.process.Start())
	// A program that hangs before it prints its address must not block the tests.
	timer := time.AfterFunc(timeout, func() { _ = s.process.Process.Kill() })
	line, err := bufio.NewReader(output).ReadString('\n')
	timer.Stop()
	address, found := strings.CutPrefix(strings.TrimSpace(line), addressPrefix)
	if err != nil || !found {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
		t.Fatalf("the server did not start: %v\n%s", err, s.log(t))
	}
	s.address = address
}

// stop stops the program with SIGTERM. It must exit with 0 and its log must have no errors.
func (s *server) stop(t *testing.T) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	must(t, s.process.Process.Signal(syscall.SIGTERM))
	timer := time.AfterFunc(timeout, func() { _ = s.process.Process.Kill() })
	defer timer.Stop()
	if err := s.process.Wait(); err != nil {
		t.Errorf("the server after SIGTERM: %v", err)
	}
	for line := range strings.Lines(s.log(t)) {
		if !isHarmless(line) {
			t.Errorf("the server's log has an error: %s", line)
		}
	}
}

func (s *server) command(t *testing.T, arguments ...string) *exec.Cmd {
	t.Helper()
	program := os.Getenv("COUNTERSIGN_BIN")
	if program == "" {
		t.Fatal("COUNTERSIGN_BIN is not set: run these tests with `cargo xtask clients go`")
	}
	command := exec.Command(program, arguments...)
	command.Dir = s.folder
	command.Env = s.environment
	return command
}

func (s *server) logFile() string {
	return filepath.Join(s.folder, "log")
}

func (s *server) log(t *testing.T) string {
	t.Helper()
	log, err := os.ReadFile(s.logFile())
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	must(t, err)
	return string(log)
}

// isHarmless reports whether this is a log record below error level. A panic in a task is an error record; one in
// `main` is plain text.
func isHarmless(line string) bool {
	var record struct {
		Level *string `json:"level"`
	}
	err := json.Unmarshal([]byte(line), &record)
	return err == nil && record.Level != nil && *record.Level != "ERROR"
}
