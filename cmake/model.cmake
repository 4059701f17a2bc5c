# build/intent.model: trained at build by huiyin_train, again only when the training data, the word
# lists or the code that reads and trains changed (not with every change of the libraries).
file(GLOB model_data CONFIGURE_DEPENDS config/understanding/*.yml config/understanding/*.json
  config/understanding/lexicon/*.json config/catalogue/items.json)
file(GLOB model_code CONFIGURE_DEPENDS bot/understand/*.cpp bot/understand/*.h
  bot/understand/tool/*.cpp)
list(FILTER model_code EXCLUDE REGEX "/(understander|understanding|evaluate(_entities)?|data_check)\\.(cpp|h)$")

add_executable(huiyin_train bot/understand/tool/train_main.cpp)
target_link_libraries(huiyin_train PRIVATE huiyin_bot)
# The name of the target in COMMAND orders the build but does not train after every relink.
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/intent.model
  COMMAND huiyin_train ${CMAKE_SOURCE_DIR}/config ${CMAKE_BINARY_DIR}/intent.model
  DEPENDS ${model_data} ${model_code}
  COMMENT "Training the intent model")
add_custom_target(huiyin_model ALL DEPENDS ${CMAKE_BINARY_DIR}/intent.model)
add_dependencies(huiyin huiyin_model)
