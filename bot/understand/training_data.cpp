#include "bot/understand/training_data.h"

#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/base/text.h"

namespace huiyin {
namespace {

std::string without_marks(std::string text) {
  static const re2::RE2 mark("\\[([^\\]\\[]*)\\](?:\\([^)]*\\)|\\{[^}]*\\})");
  re2::RE2::GlobalReplace(&text, mark, "\\1");
  return text;
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
        if (!text.empty()) examples.push_back({without_marks(std::string(text)), label});
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
    examples.push_back({line.substr(tab + 1), line.substr(0, tab)});
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

Result<std::vector<Example>> read_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path().string());
  }
  if (error || files.empty()) return fail(ErrorKind::not_found, folder + ": holds no *.yml");
  std::sort(files.begin(), files.end());
  std::vector<Example> all;
  for (const std::string& file : files) {
    Result<std::vector<Example>> examples = read_examples(file);
    if (!examples) return examples;
    all.insert(all.end(), examples->begin(), examples->end());
  }
  return all;
}

}  // namespace huiyin
