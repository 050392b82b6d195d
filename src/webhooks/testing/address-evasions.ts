// Ways to lead a webhook inside, as they are known from reports on other systems. Data only.

/**
 * URLs that name an internal address, or none that a webhook may have. `PORT` stands for the port of a
 * server on loopback that must never be reached.
 */
export const EVASIVE_URLS: Readonly<Record<string, readonly string[]>> = {
  plain: [
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.1.1',
  ],
  'this network': ['0.0.0.0', '0', '0x0', '00', '0.0', '[::]', '[0::0]'],
  decimal: ['2130706433', '3232235521', '2852039166'],
  octal: ['0177.0.0.1', '017700000001', '0177.00.00.01', '00000177.0.0.1', '0251.0376.0251.0376'],
  hexadecimal: ['0x7f000001', '0x7f.0x0.0x0.0x1', '0x7F.0.0.1', '0xA9FEA9FE', '0x00000000007f000001'],
  short: ['127.1', '127.0.1', '10.1', '192.168.257', '169.16689662'],
  mixed: ['0x7f.1', '0177.1', '127.0x1', '0xa9.254.0251.254'],
  'IPv6 loopback and local': ['[::1]', '[0:0:0:0:0:0:0:1]', '[fe80::1]', '[fc00::1]', '[fd12:3456:789a::1]'],
  'IPv4-mapped': ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:a9fe:a9fe]', '[::FFFF:10.0.0.1]'],
  'IPv4-compatible': ['[::127.0.0.1]', '[::7f00:1]', '[::a9fe:a9fe]'],
  'IPv4-translated': ['[::ffff:0:127.0.0.1]', '[::ffff:0:7f00:1]'],
  NAT64: ['[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::a00:1]'],
  '6to4': ['[2002:7f00:1::]', '[2002:a9fe:a9fe::1]', '[2002:c0a8:1::1]', '192.88.99.1'],
  Teredo: ['[2001:0:4136:e378:8000:63bf:80ff:fffe]', '[2001::1]'],
  ISATAP: ['[fe80::5efe:127.0.0.1]', '[fe80::200:5efe:10.0.0.1]'],
  'zone ids': ['[fe80::1%25lo]', '[::1%25lo]', '[fe80::1%lo]', '[::1%1]'],
  'trailing dots': ['127.0.0.1.', '0x7f.1.', '2130706433.', 'localhost.', 'metadata.google.internal.'],
  'names of the machine': [
    'localhost',
    'LOCALHOST',
    'foo.localhost',
    'localhost.localdomain',
    'ip6-localhost',
  ],
  'names of networks': ['router', 'printer.local', 'db.internal', 'nas.home.arpa', 'metadata', 'kubernetes'],
  'metadata of clouds': [
    ...['169.254.169.254', '[fd00:ec2::254]', '[fd00:ec2::23]', '169.254.170.2', '169.254.170.23'],
    ...['metadata.google.internal', '[fd20:ce::254]', '168.63.129.16', '100.100.100.200', '192.0.0.192'],
    ...['169.254.0.23', '[fe80::a9fe:a9fe]', '169.254.42.42'],
  ],
  'other digits': [
    '１２７.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '１６９．２５４．１６９．２５４',
    '②130706433',
    '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
  ],
  'other letters': ['ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'ｌｏｃａｌｈｏｓｔ', 'loca\u00ADlhost', 'ſocalhoſt.local'],
  'percent signs': ['%31%32%37.0.0.1', '127%2e0%2e0%2e1', '%6c%6f%63%61%6c%68%6f%73%74'],
  'user names': [
    ...['shop.example@127.0.0.1', 'shop.example:x@127.0.0.1', '127.0.0.1:PORT@shop.example'],
    ...['shop.example%40127.0.0.1', 'shop.example%2f@127.0.0.1', '127.0.0.1%2523@shop.example'],
  ],
  slashes: ['127.0.0.1:PORT\\@shop.example', 'shop.example\\@127.0.0.1', '127.0.0.1\\.shop.example'],
  ports: ['shop.example:0', 'shop.example:22', 'shop.example:25', 'shop.example:65536', '127.0.0.1:00080'],
  reserved: ['224.0.0.1', '240.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1', '[ff02::1]', '[100::1]'],
}

/** Whole URLs of other schemes, or of none. */
export const EVASIVE_SCHEMES: readonly string[] = [
  ...['file:///etc/passwd', 'gopher://127.0.0.1:PORT/_x', 'ftp://127.0.0.1:PORT/', 'dict://127.0.0.1:PORT/'],
  ...[
    '//127.0.0.1:PORT/',
    '127.0.0.1:PORT',
    'data:text/plain,x',
    'ws://127.0.0.1:PORT/',
    'blob:http://127.0.0.1',
  ],
  ...['http:/\\127.0.0.1:PORT/', 'http:\\\\127.0.0.1:PORT\\', 'unix:/var/run/docker.sock', 'javascript:0'],
]

/** What a name of the attacker's is answered by DNS (after any CNAME), one list a look-up. */
export const EVASIVE_ANSWERS: Readonly<Record<string, readonly string[]>> = {
  'a private answer': ['10.0.0.1'],
  'loopback, which the server listens on': ['127.0.0.1'],
  'several private answers': ['127.0.0.1', '10.0.0.1', '::1'],
  'the metadata address by a CNAME': ['169.254.169.254'],
  'an IPv4-mapped answer': ['::ffff:127.0.0.1'],
  'an IPv4-compatible answer': ['::127.0.0.1'],
  'a NAT64 answer': ['64:ff9b::7f00:1'],
  'a 6to4 answer': ['2002:7f00:1::1'],
  'a Teredo answer': ['2001:0:4136:e378:8000:63bf:80ff:fffe'],
  'an answer with a zone': ['fe80::1%lo', '::1%lo'],
  'the unspecified address': ['0.0.0.0', '::'],
  'an answer in octal': ['0177.0.0.1'],
  'an answer in decimal': ['2130706433'],
  'an answer that is no address': ['localhost'],
  'an empty answer': [''],
  'no answer': [],
}
