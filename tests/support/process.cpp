#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

extern char** environ;

namespace huiyin::test {
namespace {

std::string find_in_path(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  // A server lives in sbin, which is not in everybody's PATH.
  std::stringstream folders(std::string(path != nullptr ? path : "") + ":/usr/bin:/usr/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/" + name;
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  throw std::system_error(ENOENT, std::generic_category(), name);
}

std::vector<std::string> environment(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!changes.contains(text.substr(0, text.find('=')))) out.push_back(text);
  }
  for (const auto& [name, value] : changes) {
    if (!value.empty()) out.push_back(name + "=" + value);
  }
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// Between fork and exec only async-signal-safe calls.
void redirect(int to, const char* file, int flags) {
  const int fd = open(file, flags, 0600);
  if (fd < 0) _exit(127);
  dup2(fd, to);
}

}  // namespace

void pause_briefly() {
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

Process::Process(const Command& command) {
  auto argv = command.argv;
  auto env = environment(command.env);
  const std::string file = find_in_path(argv.at(0));
  const auto argv_pointers = pointers(argv);
  const auto env_pointers = pointers(env);
  // A child dies with the thread that made it; only the main thread lives as long as the test.
  const bool main_thread = getpid() == gettid();
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) {
    if (main_thread) prctl(PR_SET_PDEATHSIG, SIGKILL);
    redirect(0, "/dev/null", O_RDONLY);
    redirect(1, command.stdout_file.c_str(), O_WRONLY | O_CREAT | O_APPEND);
    redirect(2, command.stderr_file.c_str(), O_WRONLY | O_CREAT | O_APPEND);
    for (int fd = 3; fd < 1024; ++fd) close(fd);  // sockets of the test are not the child's
    if (!command.dir.empty() && chdir(command.dir.c_str()) != 0) _exit(127);
    execve(file.c_str(), argv_pointers.data(), env_pointers.data());
    _exit(127);
  }
}

Process::~Process() {
  kill_hard();
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(std::exchange(other.status_, std::nullopt)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    kill_hard();
    pid_ = std::exchange(other.pid_, -1);
    status_ = std::exchange(other.status_, std::nullopt);
  }
  return *this;
}

bool Process::running() {
  return pid_ > 0 && !wait(std::chrono::milliseconds(0));
}

void Process::signal(int number) const {
  if (pid_ > 0 && !status_) kill(pid_, number);
}

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
  if (pid_ <= 0 || status_) return status_;
  wait_until(
      [&] {
        int raw = 0;
        if (waitpid(pid_, &raw, WNOHANG) != pid_) return false;
        status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
        return true;
      },
      limit);
  return status_;
}

void Process::kill_hard() {
  signal(SIGKILL);
  wait(std::chrono::hours(1));  // a killed child always ends
}

std::optional<int> run(const Command& command, std::chrono::milliseconds limit) {
  Process process(command);
  return process.wait(limit);
}

}  // namespace huiyin::test
