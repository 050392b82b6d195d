// Values that no honest client sends, as JSON texts, and bodies that are none.

/** Values for any field, each a JSON text. */
export const ODD_VALUES: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1', '1.5', '1e400', '-1e400', '1e-400', '9007199254740993'],
  ...['""', '" "', '"x"', '"0"', '"-1"', '"NaN"', '"__proto__"', '"constructor"', '"null"', '"%00"'],
  ...['[]', '{}', '[null]', '[[]]', '[1,"a",{}]', '[""]', '["\\u0000"]', '{"length":1}', '{"toString":1}'],
  ...['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"a\\udfffb"', '"\\u202e"', '"\\ufeff"', '"\\ud83d\\ude00"'],
  ...[
    '"\\r\\nx-injected: 1"',
    '"\' or 1=1 --"',
    '"<script>alert(1)</script>"',
    '"../../etc/passwd"',
    '"#{7*7}"',
  ],
  ...['"https://\\u0000/"', '"http://[::1"', '"javascript:alert(1)"', '"//x"', '"https://a@b:99999/"'],
  ...[
    '"9999-99-99T99:99:99Z"',
    '"1970-01-01T00:00:00Z"',
    '"+275760-09-13T00:00:00Z"',
    '"9999-12-31T23:59:59Z"',
  ],
  ...[
    '{"a":{"b":{"c":{}}}}',
    `"${'x'.repeat(60_000)}"`,
    `"${'\\ud800'.repeat(5_000)}"`,
    `[${'1,'.repeat(9_999)}1]`,
  ],
]

/** Bodies that are no JSON object that may be read, each a 400 on whatever route takes JSON. */
export const BROKEN_BODIES: readonly (string | Buffer)[] = [
  ...[' ', '{', '}', '{"a"', '{"a":', '{"a":}', '{"a":1,}', '{a:1}', "{'a':1}", '{"a":1}}', '{"a":1}{"a":2}'],
  ...[
    'null',
    'true',
    '1',
    '"a"',
    '[]',
    '[{}]',
    'NaN',
    'undefined',
    '{"a":NaN}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
  ],
  ...[
    '{"a":1}//',
    '/**/{}',
    '{"a":"\n"}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    '{"a":tru}',
    '{"a":1e}',
  ],
  ...['<a/>', 'a=1', '\u0000', '{"a":"\u0000"}', '{}\u0000', '[object Object]', '{"a":"', '-', '{"\\u0000'],
  ...['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"b":{"a":1,"a":1}}', `{"a":1,${' '.repeat(20)}"a":2}`],
  ...['{"__proto__":{"a":1}}', '{"a":{"__proto__":1}}', '{"constructor":{"prototype":{"a":1}}}'],
  ...[
    '['.repeat(30_000),
    `${'['.repeat(17)}${']'.repeat(17)}`,
    '{"a":'.repeat(10_000),
    `{"a":${'['.repeat(99)}`,
  ],
  ...[
    Buffer.from([0x7b, 0xff, 0x7d]),
    Buffer.from('{"a":"\xc3\x28"}', 'latin1'),
    Buffer.from('{}', 'utf16le'),
  ],
  // A surrogate, and an overlong slash, as bytes.
  ...[
    Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'),
    Buffer.from('{"a":"\xc0\xaf"}', 'latin1'),
    Buffer.alloc(100),
  ],
]
