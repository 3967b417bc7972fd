<?php
// Drives piste-gouv-fr as a process of its own: a call a line comes in, its answer a line goes out. Only the two addresses
// are set, in a class that inherits. Arguments: the folder of the package, address, client_id, its secret, login, password.

[, $folder, $address, $client_id, $secret, $login, $password] = $argv;
require '/usr/share/php/GuzzleHttp/autoload.php';
spl_autoload_register(function (string $class) use ($folder): void {
    if (str_starts_with($class, 'PisteGouvFr\\')) {
        require "$folder/src/" . str_replace('\\', '/', substr($class, strlen('PisteGouvFr\\'))) . '.php';
    }
});
define('TOKEN_URL', "$address/api/oauth/token");
define('API_URL', $address);

class LocalChorusPro extends PisteGouvFr\Api\ChorusPro
{
    const AUTH_SANDBOX_URL = TOKEN_URL;
    const API_SANDBOX_URL = API_URL;
}

const API = 'PisteGouvFr\\Api\\ChorusPro\\';
const PARAMETER = API . 'Parameter\\';

// What a parameter of the package is made of: {"is": name of its class, "of": its arguments, "then": [[method, arguments]…]}.
function made(mixed $value): mixed
{
    if (!is_array($value)) {
        return $value;
    }
    $value = array_map('made', $value);
    if (!isset($value['is'])) {
        return $value;
    }
    $class = (class_exists(PARAMETER . $value['is']) ? PARAMETER : API) . $value['is'];
    $object = new $class(...($value['of'] ?? []));
    foreach ($value['then'] ?? [] as [$method, $arguments]) {
        $object = $object->$method(...$arguments);
    }
    return $object;
}

$account = new (API . 'TechnicalAccountCredentialUserPassword')($login, $password);
$client = new LocalChorusPro($client_id, $secret, $account);
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    [$family, $method] = explode('.', $asked['call']);
    try {
        $answer = (new (API . $family)($client))->$method(...made($asked['with']));
    } catch (Throwable $error) {
        $answer = ['error' => get_class($error) . ': ' . $error->getMessage()];
        if (method_exists($error, 'body')) {
            $answer = ['error' => json_encode($error->body(), JSON_UNESCAPED_UNICODE)];
        }
    }
    fwrite(STDOUT, json_encode($answer) . "\n");
}
