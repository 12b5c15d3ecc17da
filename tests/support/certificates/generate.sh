#!/bin/sh
# Makes the certificates that the tests use. They are kept beside this file, so that no test needs openssl; they prove
# nothing to anybody, and the keys of the authorities are thrown away. Needs OpenSSL 3. Run it in this folder.
set -eu

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }

# authority <name> <subject>
authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key" -subj "$2" -days 36500 -out "$1.pem" \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign
}

# issue <name> <authority> <subject> <extensions>
issue() {
  name=$1 by=$2 subject=$3 extensions=$4
  key "$name"
  openssl req -new -key "$name.key" -subj "$subject" -multivalue-rdn -utf8 -out "$name.csr"
  printf 'basicConstraints=CA:false\n%b\n' "$extensions" > "$name.ext"
  openssl x509 -req -in "$name.csr" -CA "$by.pem" -CAkey "$by.key" -CAcreateserial -extfile "$name.ext" -days 36500 \
    -out "$name.pem"
}

reached='subjectAltName=DNS:localhost,DNS:api.example.com,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth'

authority authority '/O=Garita tests/CN=Test authority'
authority stranger-authority '/O=Strangers/CN=Strange authority'
issue server authority '/CN=api.example.com' "$reached"
issue renewed authority '/CN=renewed.example.com' "$reached"
issue instance authority '/CN=instance' 'subjectAltName=DNS:orders.internal\nextendedKeyUsage=serverAuth'
issue orders authority '/C=ES/O=Acme, Inc./CN=orders' 'extendedKeyUsage=clientAuth'
issue payments authority '/C=ES/O=Acme, Inc./CN=Pagos y más' 'extendedKeyUsage=clientAuth'
issue stranger stranger-authority '/C=ES/O=Acme, Inc./CN=orders' 'extendedKeyUsage=clientAuth'
openssl pkey -in server.key -aes256 -passout pass:locked -out locked.key

rm -f ./*.csr ./*.ext ./*.srl authority.key stranger-authority.key
