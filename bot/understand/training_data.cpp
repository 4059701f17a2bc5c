#include "bot/understand/training_data.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "store/base/text.h"

namespace huiyin {
namespace {

// The end of the JSON object or the bracket that begins at `at`; npos when it has none.
std::size_t behind_object(std::string_view line, std::size_t at) {
  int depth = 0;
  bool quoted = false;
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (quoted && c == '\\') {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '{') {
      ++depth;
    } else if (!quoted && c == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

// What stands behind "[text]", and where it ends; nothing when it marks nothing.
std::optional<std::pair<Mark, std::size_t>> mark_at(std::string_view line, std::size_t at) {
  if (at >= line.size()) return std::nullopt;
  Mark mark;
  if (line[at] == '(') {
    const auto end = line.find(')', at);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view told = line.substr(at + 1, end - at - 1);
    const auto colon = told.find(':');
    mark.kind = told.substr(0, colon);
    if (colon != std::string_view::npos) mark.value = told.substr(colon + 1);
    return std::pair(std::move(mark), end + 1);
  }
  if (line[at] != '{') return std::nullopt;
  const auto end = behind_object(line, at);
  if (end == std::string_view::npos) return std::nullopt;
  const Json told = Json::parse(line.substr(at, end - at), nullptr, false);
  mark.kind = text_of(told, "entity");
  if (mark.kind.empty()) return std::nullopt;
  if (const auto value = told.find("value"); value != told.end()) mark.value = *value;
  return std::pair(std::move(mark), end);
}

Example without_marks(std::string_view line, std::string label) {
  Example out;
  out.label = std::move(label);
  for (std::size_t at = 0; at < line.size();) {
    const auto close = line[at] == '[' ? line.find(']', at) : std::string_view::npos;
    auto found = close == std::string_view::npos ? std::nullopt : mark_at(line, close + 1);
    if (!found) {
      out.text += line[at++];
      continue;
    }
    auto& [mark, end] = *found;
    mark.text = line.substr(at + 1, close - at - 1);
    mark.start = static_cast<int>(code_points(out.text));
    mark.end = mark.start + static_cast<int>(code_points(mark.text));
    if (mark.value.is_null()) mark.value = mark.text;
    out.text += mark.text;
    out.marks.push_back(std::move(mark));
    at = end;
  }
  return out;
}

Result<std::vector<Example>> read_yaml(const std::string& file) {
  std::vector<Example> examples;
  try {
    YAML::Node root = YAML::LoadFile(file);
    for (const YAML::Node& entry : root["nlu"]) {
      if (!entry["intent"]) continue;  // look-up tables and synonyms train nothing
      auto label = entry["intent"].as<std::string>();
      std::stringstream lines(entry["examples"].as<std::string>());
      for (std::string line; std::getline(lines, line);) {
        std::string_view text = trim(line);
        if (text.empty() || text[0] == '#') continue;
        if (text[0] != '-') {
          return fail(ErrorKind::corrupt, file + ": an example of " + label + " must begin with -");
        }
        text = trim(text.substr(1));
        if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
          text = text.substr(1, text.size() - 2);
        }
        if (!text.empty()) examples.push_back(without_marks(text, label));
      }
    }
  } catch (const YAML::Exception& error) {
    return fail(ErrorKind::corrupt, file + ": " + error.what());
  }
  return examples;
}

Result<std::vector<Example>> read_plain(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::not_found, file + ": cannot be opened");
  std::vector<Example> examples;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    std::size_t tab = line.find('\t');
    if (tab == std::string::npos || tab == 0) {
      return fail(ErrorKind::corrupt,
                  file + ":" + std::to_string(number) + ": a line must be label<TAB>text");
    }
    examples.push_back({line.substr(tab + 1), line.substr(0, tab), {}});
  }
  return examples;
}

}  // namespace

Result<std::vector<Example>> read_examples(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return fail(ErrorKind::not_found, file + ": is no file");
  }
  const std::string extension = std::filesystem::path(file).extension().string();
  return extension == ".yml" || extension == ".yaml" ? read_yaml(file) : read_plain(file);
}

std::vector<std::string> data_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<Example>> read_folder(const std::string& folder) {
  const std::vector<std::string> files = data_files(folder);
  if (files.empty()) return fail(ErrorKind::not_found, folder + ": holds no *.yml");
  std::vector<Example> all;
  for (const std::string& file : files) {
    Result<std::vector<Example>> examples = read_examples(file);
    if (!examples) return examples;
    all.insert(all.end(), examples->begin(), examples->end());
  }
  return all;
}

}  // namespace huiyin
