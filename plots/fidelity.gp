# SPDX-License-Identifier: GPL-2.0-only
# Draws the pictures of ./mptcp fidelity as PNG and PDF. Runs in the folder of the results, where
# parameters.gp, table.csv and a folder for each scheme are.

load "parameters.gp"

count = words(schemes)
linux_colour = "#0072b2"
ours_colour = "#d55e00"

set encoding utf8
set border 3 linewidth 0.8
set xtics nomirror out scale 0.5
set ytics nomirror out scale 0.5
set grid ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
set datafile separator ","
label(scheme, congestion) = strcol(scheme).", ".strcol(congestion)

# Means as bars, the least and the most of the runs as lines through their ends.
draw_bars = "set multiplot layout 1,2; " \
    . "set boxwidth 0.36; set style fill solid 0.85 noborder; " \
    . "set xrange [-0.6:count - 0.4]; set yrange [0:*]; set key outside top right horizontal; " \
    . "set xtics nomirror out scale 0.5 rotate by 30 right; set bmargin 6; set lmargin 10; set rmargin 2; " \
    . "set ylabel 'goodput (Mb/s)'; " \
    . "plot 'table.csv' skip 1 using ($0 - 0.2):3:xtic(label(1, 2)) with boxes linecolor rgb linux_colour title 'Linux', " \
    . "'' skip 1 using ($0 - 0.2):4:(0):($5 - $4) with vectors nohead linecolor black notitle, " \
    . "'' skip 1 using ($0 + 0.2):6 with boxes linecolor rgb ours_colour title 'simulated', " \
    . "'' skip 1 using ($0 + 0.2):7:(0):($8 - $7) with vectors nohead linecolor black notitle; " \
    . "set ylabel 'longest interruption (ms)'; unset key; " \
    . "plot 'table.csv' skip 1 using ($0 - 0.2):9:xtic(label(1, 2)) with boxes linecolor rgb linux_colour, " \
    . "'' skip 1 using ($0 - 0.2):10:(0):($11 - $10) with vectors nohead linecolor black, " \
    . "'' skip 1 using ($0 + 0.2):12 with boxes linecolor rgb ours_colour, " \
    . "'' skip 1 using ($0 + 0.2):13:(0):($14 - $13) with vectors nohead linecolor black; " \
    . "unset multiplot"

set terminal pngcairo size 1440, 560 font "Sans,13" linewidth 1.6
set output "fidelity.png"
eval draw_bars
set terminal pdfcairo size 9, 3.5 font "Sans,8.5" linewidth 1
set output "fidelity.pdf"
eval draw_bars

# What the phone's application read over time, in the first run of each scheme.
set datafile separator whitespace
height = 210 * count + 60
draw_series = "set multiplot layout count,1; set xrange [0:duration]; set yrange [0:36]; " \
    . "set xtics nomirror out scale 0.5 norotate autojustify; set ytics 10; set bmargin -1; set lmargin -1; set rmargin -1; " \
    . "set key top right horizontal; set ylabel 'Mb/s'; " \
    . "set object 1 rectangle from outage_start, graph 0 to outage_end, graph 1 behind " \
    . "fillcolor rgb '#e2e2e2' fillstyle solid 1 noborder; " \
    . "do for [i = 1:count] { set title word(schemes, i) offset 0,-0.6; " \
    . "if (i == count) { set xlabel 'time since connect (s)' }; " \
    . "plot word(schemes, i).'/linux-1/goodput.dat' using 1:2 with lines " \
    . "linecolor rgb linux_colour title (i == 1 ? 'Linux' : ''), " \
    . "word(schemes, i).'/simulated-1/goodput.dat' using 1:2 with lines " \
    . "linecolor rgb ours_colour title (i == 1 ? 'simulated' : '') }; " \
    . "unset multiplot; unset xlabel; unset title; unset object 1"

set terminal pngcairo size 1440, height font "Sans,13" linewidth 1.6
set output "goodput.png"
eval draw_series
set terminal pdfcairo size 9, height / 160.0 font "Sans,8.5" linewidth 1
set output "goodput.pdf"
eval draw_series
