# SPDX-License-Identifier: Apache-2.0
# Needs the package protobuf. Writes structs.tsv beside this file (README.md).
import json, os
from google.protobuf import struct_pb2, json_format
here = os.path.dirname(os.path.abspath(__file__))
docs=[{}, {"a":None}, {"a":True,"b":False}, {"a":1,"b":-0.0,"c":1.5,"d":1e300,"e":9007199254740993,"f":0.1,"g":5e-324},
 {"a":""}, {"a":"x"*125}, {"a":"x"*126},{"a":"x"*127},{"a":"x"*128},{"a":"x"*16380},{"a":"x"*16384},
 {"k"*127:1},{"k"*128:1},{"":{"":[]}}, {"a":[]}, {"a":[[],[[]],{}]}, {"a":[1,"b",None,True,{"c":[{"d":"e"*200}]}]},
 {"a":"\u0000\u0001\b\f\n\r\t\"\\/é中😀\u007f\u2028"}, {"é\"\n😀":"x"}]
deep={"a":1}
for i in range(15): deep={"a":[deep]}
docs.append(deep)
import functools
def cmp(a,b):
    a,b=a.encode(),b.encode(); n=min(len(a),len(b))
    return (a[:n]>b[:n])-(a[:n]<b[:n]) or len(b)-len(a)
def sort(v):
    if isinstance(v,dict): return {k:sort(v[k]) for k in sorted(v,key=functools.cmp_to_key(cmp))}
    if isinstance(v,list): return [sort(x) for x in v]
    return v
def unescape(s):
    m={'b':'\b','f':'\f','n':'\n','r':'\r','t':'\t','v':'\v','\\':'\\'}
    o=[];i=0
    while i<len(s):
        if s[i]=='\\': o.append(m[s[i+1]]); i+=2
        else: o.append(s[i]); i+=1
    return ''.join(o)
lines=open(here + '/../postgres-values/pg-18/rows.tsv',encoding='utf8',newline='\n').read().split('\n')[:-1]
for n,l in enumerate(lines):
    if n%9==0 or l.startswith('one_json') or 'random' in l.split('\t')[0] and n%2:
        docs.append(json.loads(unescape(l.split('\t')[-1])))
out=open(here + '/structs.tsv','w',encoding='utf8',newline='\n')
n=0
for i,d in enumerate(docs):
    d=sort(d)
    try: s=json_format.ParseDict(d,struct_pb2.Struct())
    except Exception as e: print('skip',str(e)[:100],str(d)[:80]); continue
    b=s.SerializeToString(deterministic=True)
    t=json.dumps(d,ensure_ascii=bool(i%2),separators=((',',':') if i%3 else (', ',': ')))
    if len(b)>20000: continue
    out.write(b.hex()+'\t'+t+'\n'); n+=1
out.close(); print(n)
