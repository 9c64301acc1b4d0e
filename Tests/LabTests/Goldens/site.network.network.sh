# The network of shop, written by `tiertop lab up`: a namespace for each node, and a router with a bridge
# for each tier between them.
set -e

ip -batch - <<END
netns add router
netns add client
netns add dns
netns add lb1
netns add lb2
netns add web1
netns add web2
netns add app1
netns add api1
netns add db1
netns add db2
link add port0 netns router type veth peer name eth0 netns client
link add port1 netns router type veth peer name eth0 netns dns
link add port2 netns router type veth peer name eth0 netns lb1
link add port3 netns router type veth peer name eth0 netns lb2
link add port4 netns router type veth peer name eth0 netns web1
link add port5 netns router type veth peer name eth0 netns web2
link add port6 netns router type veth peer name eth0 netns app1
link add port7 netns router type veth peer name eth0 netns api1
link add port8 netns router type veth peer name eth0 netns db1
link add port9 netns router type veth peer name eth0 netns db2
END

# The router.
ip -n router -batch - <<END
link set lo up
link add clients type bridge
addr add 10.77.0.1/24 dev clients
link set clients up
link add lb type bridge
addr add 10.77.1.1/24 dev lb
link set lb up
link add web type bridge
addr add 10.77.2.1/24 dev web
link set web up
link add app type bridge
addr add 10.77.3.1/24 dev app
link set app up
link add data-base type bridge
addr add 10.77.4.1/24 dev data-base
link set data-base up
link set port0 master clients up
link set port1 master clients up
link set port2 master lb up
link set port3 master lb up
link set port4 master web up
link set port5 master web up
link set port6 master app up
link set port7 master app up
link set port8 master data-base up
link set port9 master data-base up
END
nsenter --net=/run/netns/router sh -e <<END
echo 1 >/proc/sys/net/ipv4/ip_forward
# What stays on one bridge is no business of the firewall.
for file in /proc/sys/net/bridge/bridge-nf-call-*tables; do [ ! -e "\$file" ] || echo 0 >"\$file"; done
nft -f /run/user/1000/tiertop-lab-golden/network/firewall.nft
END

# The nodes.
ip -n client -batch - <<END
link set lo up
addr add 10.77.0.10/24 dev eth0
link set eth0 up
route add default via 10.77.0.1
END
ip -n dns -batch - <<END
link set lo up
addr add 10.77.0.53/24 dev eth0
link set eth0 up
route add default via 10.77.0.1
END
ip -n lb1 -batch - <<END
link set lo up
addr add 10.77.1.21/24 dev eth0
link set eth0 up
route add default via 10.77.1.1
END
ip -n lb2 -batch - <<END
link set lo up
addr add 10.77.1.12/24 dev eth0
link set eth0 up
route add default via 10.77.1.1
END
ip -n web1 -batch - <<END
link set lo up
addr add 10.77.2.11/24 dev eth0
link set eth0 up
route add default via 10.77.2.1
END
ip -n web2 -batch - <<END
link set lo up
addr add 10.77.2.12/24 dev eth0
link set eth0 up
route add default via 10.77.2.1
END
ip -n app1 -batch - <<END
link set lo up
addr add 10.77.3.11/24 dev eth0
link set eth0 up
route add default via 10.77.3.1
END
ip -n api1 -batch - <<END
link set lo up
addr add 10.77.3.12/24 dev eth0
link set eth0 up
route add default via 10.77.3.1
END
ip -n db1 -batch - <<END
link set lo up
addr add 10.77.4.11/24 dev eth0
link set eth0 up
route add default via 10.77.4.1
END
ip -n db2 -batch - <<END
link set lo up
addr add 10.77.4.12/24 dev eth0
link set eth0 up
route add default via 10.77.4.1
END
