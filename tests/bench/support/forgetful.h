// A gateway that answers and keeps nothing: the product's listener, understanding, forms and wording
// with the sessions in a map and an order that is only said to be recorded. What a durable turn
// costs beyond the answer itself is measured against it.
#pragma once
#include <string>

namespace huiyin::bench {

// Serves POST /webhooks/rest/webhook on 127.0.0.1:`port` until it is killed. `database`: a file of
// the gateway, for its units (read only). `binary_folder` holds intent.model.
[[noreturn]] void serve_forgetful(int port, const std::string& config, const std::string& database,
                                  const std::string& binary_folder);

}  // namespace huiyin::bench
